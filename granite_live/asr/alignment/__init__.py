"""Alignment of a given text with the CTC scores of its recording.

`graph` has all ways to write the words in tokens, `viterbi` finds the best path through them,
`edges` turns its frames into times.
"""
