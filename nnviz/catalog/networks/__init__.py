"""The networks themselves, in plain PyTorch: what a model card shows is what runs."""
