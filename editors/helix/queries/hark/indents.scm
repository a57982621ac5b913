[
  (block)
  (hash)
  (list)
  (argument_list)
  (parameter_list)
  (parenthesized_expression)
  (attribute_list)
  (attribute_arguments)
] @indent

["}" "]" ")"] @outdent
