"""Shop platforms and marketplaces that merchants really import from, one file each."""
