"""The pages of the models, from the parts that they share."""
