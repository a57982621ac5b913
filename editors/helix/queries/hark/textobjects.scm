(function_definition body: (block) @function.inside) @function.around
(lambda body: (block) @function.inside) @function.around

(parameter_list ((_) @parameter.inside . ","? @parameter.around) @parameter.around)
(argument_list ((_) @parameter.inside . ","? @parameter.around) @parameter.around)

(pair value: (_) @entry.inside) @entry.around
(list (_) @entry.around)

[(line_comment) (block_comment) (doc_comment)] @comment.inside
(line_comment)+ @comment.around
[(block_comment) (doc_comment)] @comment.around
