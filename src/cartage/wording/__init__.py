"""What a language model is asked to write of a product, and what of its answer may stand: pure, without I/O."""
