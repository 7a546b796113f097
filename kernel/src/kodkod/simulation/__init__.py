"""Active learning replayed on texts whose labels are known: which strategy would have paid?"""
