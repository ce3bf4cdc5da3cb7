"""Pages: review cycles edited in plain words, with what they would bring before they do."""
