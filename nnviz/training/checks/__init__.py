"""Three checks of a set-up before it is trusted (Karpathy 2019; CS231n; Goodfellow et al. 2016, chapter 11)."""
