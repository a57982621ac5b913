-- Hover, definitions (in Hark and in Python), references, signature help, outline.
local t = require('harness')

t.project({
  ['hark.toml'] = '',
  ['main.hk'] = [[
import(fetch, src.net, 2);
import(clean, :hark lib.text);

/** What it is all about. */
fn main() {
  page = fetch("a", 30);
  clean(page)
}
]],
  ['lib/text.hk'] = 'fn clean(text) { trim(text) }\nfn twice(text) { clean(clean(text)) }\n',
  ['src/net.py'] = '"""Net."""\n\n\ndef fetch(url, timeout=10):\n    """Fetches a page."""\n    return url\n',
})
t.edit('main.hk')
t.diagnostics({})

t.to('main')
vim.lsp.buf.hover()
t.contains(t.float(), 'What it is all about.')
t.to('fetch', 2)
vim.lsp.buf.hover()
t.contains(t.float(), 'Fetches a page.')

t.to('"a"')
vim.lsp.buf.signature_help()
t.contains(t.float(), 'timeout')

t.to('fetch', 2)
vim.lsp.buf.definition()
t.wait('the Python source', function()
  return t.here() == 'net.py'
end)
t.contains(vim.api.nvim_get_current_line(), 'def fetch')

vim.cmd.buffer('main.hk')
t.to('clean', 2)
vim.cmd.normal({ vim.keycode('<C-]>'), bang = true }) -- by tags, as in any file
t.equal('text.hk', (t.here()))
t.contains(vim.api.nvim_get_current_line(), 'fn clean')

t.wait('a client for the other file', t.client)
t.to('clean')
vim.lsp.buf.references()
local places = t.wait('the references', function()
  local list = vim.fn.getqflist()
  return #list > 0 and list
end)
local lines = vim.tbl_map(function(place)
  return ('%s:%d'):format(vim.fs.basename(vim.api.nvim_buf_get_name(place.bufnr)), place.lnum)
end, places)
table.sort(lines)
t.equal({ 'main.hk:2', 'main.hk:7', 'text.hk:1', 'text.hk:2', 'text.hk:2' }, lines)
vim.cmd.cclose()

vim.lsp.buf.document_symbol()
local outline = t.wait('the outline', function()
  for _, list in ipairs({
    vim.fn.getqflist({ title = true, items = true }),
    vim.fn.getloclist(0, { title = true, items = true }),
  }) do
    if list.title:find('Symbols', 1, true) then
      return list.items
    end
  end
end)
t.equal({ '[Function] clean', '[Function] twice' }, {
  outline[1].text,
  outline[2].text,
})
