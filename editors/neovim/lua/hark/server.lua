-- The language server: where it is, when it starts, for which folder, and how it starts again.
local config = require('hark.config')

local M = {}

---The name of the client, as in `vim.lsp.get_clients({ name = 'hark_ls' })`.
M.name = 'hark_ls'

---The project of a buffer: the nearest folder above with a hark.toml, else the file's own.
---@param buffer integer
---@return string
function M.root(buffer)
  local path = vim.api.nvim_buf_get_name(buffer)
  if path == '' then
    return vim.fn.getcwd()
  end
  return vim.fs.root(buffer, 'hark.toml') or vim.fs.dirname(vim.fs.normalize(path))
end

---@type table<string, true> the programs whose absence has been told
local told = {}

---Whether the program is there; if it is not, the user is told, once.
---@return boolean
function M.found()
  local binary = config.get().binary
  if vim.fn.executable(binary) == 1 then
    return true
  end
  if not told[binary] then
    told[binary] = true
    vim.notify(M.absence(binary), vim.log.levels.ERROR)
  end
  return false
end

---What to tell who has no hark-ls.
---@param binary string
---@return string
function M.absence(binary)
  return ("hark: there is no program '%s'. Install hark-ls so that $PATH leads to it, "):format(binary)
    .. "or say where it is: require('hark').setup({ binary = '/path/to/hark-ls' }). :HarkHealth shows what is found."
end

-- Neovim can ask for diagnostics, too, but what the edit of one file means for another it then learns late or never, depending on its
-- version. So it does not say that it could, and is told.

---@param params lsp.InitializeParams
local function before_init(params)
  params.capabilities.textDocument.diagnostic = nil
end

---@param client vim.lsp.Client
local function on_init(client)
  client.server_capabilities.diagnosticProvider = nil
end

---What both ways of starting a client are given.
---@return vim.lsp.ClientConfig
function M.configuration()
  local options = config.get()
  return {
    name = M.name,
    cmd = vim.list_extend({ options.binary, 'lsp' }, options.args),
    filetypes = { 'hark' },
    settings = config.settings(),
    init_options = { commands = vim.tbl_keys(require('hark.commands').of_lenses) },
    capabilities = vim.tbl_deep_extend('force', vim.lsp.protocol.make_client_capabilities(), options.capabilities),
    before_init = before_init,
    on_init = on_init,
    on_exit = M.on_exit,
  }
end

---Starts the server for a buffer, or attaches the one of its project.
---@param buffer integer
function M.start(buffer)
  if M.found() then
    local started = vim.tbl_extend('force', M.configuration(), { root_dir = M.root(buffer) })
    vim.lsp.start(started, { bufnr = buffer })
  end
end

---Neovim 0.11 starts servers itself.
local function enable_by_name()
  local function root_dir(buffer, start)
    start(M.root(buffer))
  end
  vim.lsp.config(M.name, vim.tbl_extend('force', M.configuration(), { root_dir = root_dir }))
  vim.lsp.enable(M.name)
end

---From now on, a Hark file that is opened has its server.
function M.enable()
  local start = M.start
  if vim.lsp.config then
    enable_by_name()
    start = M.found -- all that is left to do is to tell that it is not there
  end
  vim.api.nvim_create_autocmd('FileType', {
    group = vim.api.nvim_create_augroup('hark_server', {}),
    pattern = 'hark',
    desc = 'Start the Hark language server',
    callback = function(event)
      start(event.buf)
    end,
  })
end

---From now on, only a restart starts a server.
function M.disable()
  vim.api.nvim_create_augroup('hark_server', {})
  if vim.lsp.config then
    vim.lsp.enable(M.name, false)
  end
end

---@return vim.lsp.Client[]
function M.clients()
  return vim.lsp.get_clients({ name = M.name })
end

---Calls a method of a client: Neovim 0.11 wants the client as its first argument, 0.10 does not.
---@param client vim.lsp.Client
---@param method string
function M.call(client, method, ...)
  if vim.fn.has('nvim-0.11') == 1 then
    return client[method](client, ...)
  end
  return client[method](...)
end

---@type table<integer, integer[]> by client: the buffers that get a new server when it has ended
local waiting = {}

---Stops every server and starts new ones for the buffers that are open; without any, starts one for the current buffer.
function M.restart()
  told = {}
  local clients = M.clients()
  for _, client in ipairs(clients) do
    waiting[client.id] = vim.tbl_keys(client.attached_buffers)
    M.call(client, 'stop')
    vim.defer_fn(function()
      if not M.call(client, 'is_stopped') then
        M.call(client, 'stop', true) -- it does not listen any more
      end
    end, 2000)
  end
  if #clients == 0 and vim.bo.filetype == 'hark' then
    M.start(0)
  end
end

---Neovim forgets a client some time after its process has ended, and would attach a buffer to it until then.
---@param id integer
---@param buffers integer[]
local function start_again(id, buffers)
  if vim.lsp.get_client_by_id(id) then
    vim.schedule(function()
      start_again(id, buffers)
    end)
    return
  end
  for _, buffer in ipairs(buffers) do
    if vim.api.nvim_buf_is_loaded(buffer) then
      M.start(buffer)
    end
  end
end

---@param id integer
function M.on_exit(_, _, id)
  local buffers = waiting[id]
  if buffers then
    waiting[id] = nil
    vim.schedule(function()
      start_again(id, buffers)
    end)
  end
end

return M
