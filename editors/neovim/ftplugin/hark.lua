-- What editing a Hark file is like, with or without the language server.
if vim.b.did_ftplugin then
  return
end
vim.b.did_ftplugin = 1

local buffer = vim.opt_local
buffer.commentstring = '// %s'
buffer.comments = { 's1:/*', 'mb:*', 'ex:*/', '://' }
buffer.formatoptions:remove('t')
buffer.formatoptions:append('croql')
buffer.iskeyword:append({ '.', '?' }) -- both may be part of a name
buffer.expandtab = true
buffer.shiftwidth = 2
buffer.softtabstop = 2
buffer.suffixesadd = '.hk'
buffer.define = [[^\s*fn]]

vim.b.undo_ftplugin = 'setlocal '
  .. table.concat({
    'commentstring<',
    'comments<',
    'formatoptions<',
    'iskeyword<',
    'expandtab<',
    'shiftwidth<',
    'softtabstop<',
    'suffixesadd<',
    'define<',
  }, ' ')

require('hark.config').highlight(0)
