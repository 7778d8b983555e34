"""What the user keeps: words, utterances, and the files made from them."""
