"""Agreement: alpha, kappas, pi, AC, gamma and F1, for labels, sets of labels and passages."""
