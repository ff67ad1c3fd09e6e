"""Live widgets, one module each; `board` is the front end that they share, `svg` its drawing."""
