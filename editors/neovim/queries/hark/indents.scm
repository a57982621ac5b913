; For nvim-treesitter; Neovim itself indents Hark without it.

[
  (block)
  (hash)
  (list)
  (argument_list)
  (parameter_list)
  (parenthesized_expression)
  (attribute_list)
  (attribute_arguments)
] @indent.begin

["}" "]" ")"] @indent.branch @indent.end

[(line_comment) (block_comment) (doc_comment)] @indent.auto
