"""Making pictures of strangers' images, in a process that may be killed."""
