"""The lesson on a layer as an affine map."""
