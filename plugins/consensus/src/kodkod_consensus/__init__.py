"""Consensus of coders: majority, Dawid and Skene, MACE."""
