-- With the parser on the runtime path, highlighting and folds are by tree-sitter; without it, highlighting is by patterns.
local t = require('harness')
require('hark').setup({ autostart = false })

local text = '/** Doc. */\nfn main(a) {\n  b = await print("x", a);\n  try = b\n}\n'
t.project({ ['main.hk'] = text, ['other.hk'] = text })
vim.cmd.edit('main.hk')

local function group(at, n)
  t.to(at, n)
  local position = vim.api.nvim_win_get_cursor(0)
  return vim.fn.synIDattr(vim.fn.synID(position[1], position[2] + 1, 1), 'name')
end
t.equal('harkCommentDoc', group('Doc'))
t.equal('harkKeyword', group('fn'))
t.equal('harkFunction', group('main'))
t.equal('harkThread', group('await'))
t.equal('harkCall', group('print'))
t.equal('harkString', group('x"'))
t.equal('harkName', group('try'))
t.equal(nil, vim.b.ts_highlight)

vim.opt.runtimepath:append(vim.env.RUNTIME)
vim.cmd.edit('other.hk')
t.equal(true, vim.b.ts_highlight)
local function capture(at)
  t.to(at)
  local position = vim.api.nvim_win_get_cursor(0)
  local captures = t.wait('captures at ' .. at, function()
    local found = vim.treesitter.get_captures_at_pos(0, position[1] - 1, position[2])
    return #found > 0 and found
  end)
  return captures[#captures].capture
end
t.equal('spell', capture('Doc'))
t.equal('keyword.function', capture('fn'))
t.equal('keyword.coroutine', capture('await'))
t.equal('function.builtin', capture('print'))
t.equal('variable', capture('try'))

vim.wo.foldmethod = 'expr'
vim.wo.foldexpr = 'v:lua.vim.treesitter.foldexpr()'
t.wait('a fold', function()
  vim.cmd('normal! zx')
  return vim.fn.foldlevel(3) == 1
end)
vim.cmd('silent keepjumps normal! zRgg=G')
t.equal(vim.trim(text), t.text(), 'indentation asks the parser what is a comment')
vim.bo.modified = false
vim.cmd.HarkHealth()
t.contains(t.text(), 'OK the tree-sitter parser is installed')
