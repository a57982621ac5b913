-- Indentation is the formatter's: what is formatted comes back when all indentation is taken away.
local t = require('harness')

local paths = vim.fn.globpath(
  vim.env.REPOSITORY .. '/examples,' .. vim.env.REPOSITORY .. '/compiler/prelude',
  '**/*.hk',
  true,
  true
)
t.equal(true, #paths > 10)
require('hark').setup({ autostart = false })

for _, path in ipairs(paths) do
  if not path:find('/broken/', 1, true) then
    vim.cmd('silent edit! ' .. path)
    vim.bo.swapfile = false
    local formatted = t.text()
    local comment = false
    for row, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
      if not comment then
        vim.api.nvim_buf_set_lines(0, row - 1, row, false, { (line:gsub('^%s+', '')) })
      end
      comment = (comment or line:find('/*', 1, true)) and not line:find('*/', 1, true)
    end
    vim.cmd('silent keepjumps normal! gg=G')
    t.equal(formatted, t.text(), path)
    vim.bo.modified = false
  end
end

-- While typing, a closing bracket goes back to where its line began.
vim.cmd.enew()
vim.bo.filetype = 'hark'
vim.api.nvim_feedkeys(vim.keycode('ifn main() {<CR>f(<CR>a,<CR>)<CR>}<Esc>'), 'x', false)
t.equal('fn main() {\n  f(\n    a,\n  )\n}', t.text())
t.equal('// %s', vim.bo.commentstring)
vim.bo.modified = false

-- A name is one word, with its dots and question marks.
vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'empty?(src.video)' })
t.to('empty')
t.equal('empty?', vim.fn.expand('<cword>'))
t.to('video')
t.equal('src.video', vim.fn.expand('<cword>'))
vim.bo.modified = false
