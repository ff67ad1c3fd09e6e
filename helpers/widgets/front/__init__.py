"""What all widgets share: the board, drawing, fields, controls, walk and question. No widget."""
