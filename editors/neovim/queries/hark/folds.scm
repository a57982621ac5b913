[
  (block)
  (hash)
  (list)
  (argument_list)
  (attribute_list)
  (block_comment)
  (doc_comment)
] @fold
