"""Every target that products are written for, one file each."""
