"""What a merchant asks for what a supplier sells."""
