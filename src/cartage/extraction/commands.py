"""Text that speaks to a machine instead of to a shopper: it is neither sent to a language model nor believed.

This is the lesser half of the defence: what a model says is held against the page whatever it was told.
"""

import re
import unicodedata

SPACED = re.compile(r"(?<!\w)(?:\w[\s.\-_*]){4,}\w(?!\w)")
UNSEEN = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
LOOKALIKES = str.maketrans("аеорсухіѕјԁһӏοаɑⅼ", "aeopcyxisjdhloaal")
MARKUP_OF_PROMPTS = re.compile(
    r"<\|?/?(?:im_start|im_end|system|assistant|endoftext|begin_of_text|eot_id|start_header_id)\b|\[/?inst\]|<</?sys>>"
    r"|^#{2,}\s*(?:instructions?|system|response|task)\b|\b(?:begin|end) (?:system )?prompt\b|^(?:system|assistant|human|user)\s*:\s",
    re.IGNORECASE | re.MULTILINE,
)
ASKS = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass|skip)\b.{0,60}\b(?:instruction|prompt|previous|prior|above|rule|guideline|direction|schema|context|everything|all)"
    r"|\b(?:system|developer|hidden|new|updated|secret)\s+(?:prompt|message|instruction|directive)s?\b"
    r"|\byou are (?:now )?(?:an?|the|no longer)\b.{0,40}\b(?:assistant|ai|model|agent|bot|extractor|parser|chatgpt|gpt|claude|gemini|llm)"
    r"|\b(?:ai|llm|gpt|chatgpt|claude|gemini|language model|extraction|scraping)[\s-]*(?:assistants?|agents?|models?|crawlers?|bots?|extractors?|parsers?|readers?|tools?|systems?|note|instruction|importers?)\b.{0,80}"
    r"\b(?:must|should|shall|please|set|use|return|output|report|answer|respond|write|say|ignore|note)\b"
    r"|\b(?:as an ai|dear (?:ai|model|assistant|bot|llm)|attention:? (?:ai|llm|model|bot)s?|note to (?:the )?(?:ai|llm|model|bot|assistant|crawler))"
    r"|\b(?:set|change|report|return|output|extract|respond|answer|state|record|fill|overwrite|replace|update|put|make|use)\b.{0,40}"
    r"\b(?:product ?name|name|title|brand|price|currency|gtin|ean|barcode|sku|mpn|stock|availability|description|field|json|value|image|picture)s?\b.{0,25}"
    r"(?:\bto\b|\bas\b|\bwith\b|\bis\b|=|:|\bof\b.{0,20}\d)"
    r"|\b(?:correct|true)\s+(?:price|name|brand|gtin|sku|title)\b.{0,20}(?:\bis\b|=|:)"
    r"|\b(?:call|invoke|execute|run)\b.{0,30}\b(?:tool|function|command|code)\b|\b(?:fetch|visit|open|follow|browse to)\b.{0,30}\bhttps?://"
    r"|ignorier\w*.{0,60}(?:anweisung|anleitung|vorherig|obig|regel)|ignor(?:ez|e|er).{0,60}(?:instruction|consigne|précédent|règle)"
    r"|ignora\w*.{0,60}(?:instruccion|anterior|istruzion|precedent|regla|regol)|ignor\w*.{0,60}(?:instruç|anterior|regra)"
    r"|zignoruj.{0,60}(?:instrukcj|poprzedni|poleceni)|игнорир.{0,60}(?:инструкц|предыдущ|указан|правил)|negeer.{0,60}(?:instructie|vorige|regel)"
    r"|(?:önceki|yukarıdaki).{0,60}(?:talimat|yönerge)|تجاهل.{0,60}(?:تعليمات|الأوامر|السابق|القواعد)"
    r"|(?:忽略|无视|無視|不要理会).{0,30}(?:指令|指示|说明|規則|规则|提示|以上)|(?:指示|命令|プロンプト).{0,20}無視|(?:지시|명령|프롬프트).{0,20}무시",
    re.IGNORECASE | re.DOTALL,
)
CODED = re.compile(r"[A-Za-z0-9+/=]{48,}|(?:\\x[0-9a-f]{2}){8,}|(?:&#x?[0-9a-f]+;){8,}", re.IGNORECASE)
JSON_LIKE = re.compile(
    r"""[{,]\s*["'](?:name|brand|price|gtin|sku|mpn|availability|description|line|pictures)["']\s*:""", re.IGNORECASE
)


def commands(text: str) -> bool:
    """Tell whether a text gives orders to a reader that is no shopper, in disguise too; some of them, never all."""
    seen = unicodedata.normalize("NFKC", UNSEEN.sub("", text))
    return bool(CODED.search(text)) or any(map(_asks, {seen, seen.translate(LOOKALIKES), SPACED.sub(_closed, seen)}))


def _asks(text: str) -> bool:
    return bool(ASKS.search(text) or MARKUP_OF_PROMPTS.search(text) or JSON_LIKE.search(text))


def _closed(match: re.Match[str]) -> str:
    return re.sub(r"[\s.\-_*]", "", match[0])
