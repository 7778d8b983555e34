"""Find spoken terms of the user's vocabulary in the scores of the CTC head.

After "Fast Context-Biasing for CTC and Transducer ASR models with CTC-based Word Spotter"
(arXiv 2406.07096). Differences: a term's lattice has every split into tokens instead of one, the
score is the difference from the best path instead of a weighted sum, and an exact upper bound
leaves out most terms before the frames are read.
"""
