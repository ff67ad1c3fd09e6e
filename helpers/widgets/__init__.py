"""One module per live widget; each draws its picture itself and is tested without a browser."""
