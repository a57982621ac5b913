-- Who calls whom, which thread a future is of, symbols of the whole project, and where else a name is.
local t = require('harness')

t.project({
  ['hark.toml'] = '',
  ['main.hk'] = 'import(clean, :hark lib);\n\nfn main() {\n  job = async clean("a");\n  await job\n}\n',
  ['lib.hk'] = 'fn clean(text) { trim(text) }\n',
})
t.edit('main.hk')
t.diagnostics({})

---Waits for a quickfix list and is the files and lines in it.
local function listed(what, ask)
  vim.fn.setqflist({}, 'f')
  ask()
  local list = t.wait(what, function()
    local items = vim.fn.getqflist()
    return #items > 0 and items
  end)
  vim.cmd.cclose()
  return vim.tbl_map(function(item)
    return ('%s:%d'):format(vim.fs.basename(vim.api.nvim_buf_get_name(item.bufnr)), item.lnum)
  end, list)
end

t.to('clean', 2)
t.equal({ 'main.hk:4' }, listed('the callers', vim.lsp.buf.incoming_calls))
t.equal(
  { 'lib.hk:1' },
  listed('the symbols', function()
    vim.lsp.buf.workspace_symbol('cln')
  end)
)

t.to('job', 2)
vim.lsp.buf.document_highlight()
t.wait('the highlights', function()
  local found = 0
  for _, namespace in pairs(vim.api.nvim_get_namespaces()) do
    for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true })) do
      if (mark[4].hl_group or ''):find('^LspReference') then
        found = found + 1
      end
    end
  end
  return found == 2
end)

vim.lsp.buf.type_definition()
t.wait('the function that runs', function()
  return t.here() == 'lib.hk'
end)
