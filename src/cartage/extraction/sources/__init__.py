"""The places on a page that state facts about its product; each reads them into statements."""
