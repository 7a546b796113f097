"""Valid estimates from many machine labels and few human ones."""
