"""A text and a style to many pages: blocks, pagination, paper, imperfections."""
