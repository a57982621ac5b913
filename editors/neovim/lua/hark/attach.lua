-- What the editor does with a buffer once the language server serves it.
local config = require('hark.config')
local server = require('hark.server')

local M = {}

---@param buffer integer
local function keep_lenses(buffer)
  if vim.lsp.codelens.enable then -- Neovim 0.12 keeps them itself
    return vim.lsp.codelens.enable(true, { bufnr = buffer })
  end
  local function refresh()
    vim.lsp.codelens.refresh({ bufnr = buffer })
  end
  vim.api.nvim_create_autocmd({ 'BufEnter', 'InsertLeave', 'TextChanged', 'BufWritePost' }, {
    group = vim.api.nvim_create_augroup('hark_lens_' .. buffer, {}),
    buffer = buffer,
    desc = 'Keep the code lenses of Hark up to date',
    callback = refresh,
  })
  refresh()
end

---@param client vim.lsp.Client
---@param buffer integer
function M.attached(client, buffer)
  local options = config.get()
  if options.inlay_hints and server.call(client, 'supports_method', 'textDocument/inlayHint') then
    vim.lsp.inlay_hint.enable(true, { bufnr = buffer })
  end
  if options.code_lens and server.call(client, 'supports_method', 'textDocument/codeLens') then
    keep_lenses(buffer)
  end
end

---Tells the servers of a file that has been saved here: on Linux, Neovim watches no folders itself.
---@param path string
local function saved(path)
  local change = { uri = vim.uri_from_fname(path), type = vim.lsp.protocol.FileChangeType.Changed }
  for _, client in ipairs(server.clients()) do
    if vim.startswith(path, client.config.root_dir) then
      server.call(client, 'notify', 'workspace/didChangeWatchedFiles', { changes = { change } })
    end
  end
end

---Starts serving, now and for files to come.
function M.enable()
  local group = vim.api.nvim_create_augroup('hark', {})
  vim.api.nvim_create_autocmd('LspAttach', {
    group = group,
    desc = 'Show what the Hark language server knows',
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if client and client.name == server.name then
        M.attached(client, event.buf)
      end
    end,
  })
  vim.api.nvim_create_autocmd('BufWritePost', {
    group = group,
    pattern = { '*.py', '*.hk', 'hark.toml' },
    desc = 'Tell the Hark language server what has been saved',
    callback = function(event)
      saved(vim.fn.fnamemodify(event.file, ':p'))
    end,
  })
  vim.api.nvim_create_autocmd('ColorScheme', { group = group, callback = config.define_looks })
  config.define_looks()
  if config.get().autostart then
    server.enable()
  else
    server.disable()
  end
end

return M
