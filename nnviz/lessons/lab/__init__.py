"""The lab: the classic network on MNIST."""
