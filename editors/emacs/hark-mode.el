;;; hark-mode.el --- Major mode for the Hark language  -*- lexical-binding: t; -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "29.1"))
;; Keywords: languages
;; URL: https://github.com/hark-lang/hark-ls
;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; Hark is a language for pipelines of Python functions.  This mode colours and indents its files, runs them, and tells
;; Eglot how to start the language server and Dape how to start the debugger.  Both are the program hark-ls.

;;; Code:

(require 'compile)
(require 'project)

(defgroup hark nil
  "Editing Hark files."
  :group 'languages
  :prefix "hark-")

(defcustom hark-program "hark-ls"
  "The program that serves, runs, formats and debugs."
  :type 'string)

(defcustom hark-indent-offset 2
  "Columns by which the inside of brackets is indented.  The formatter has two."
  :type 'integer
  :safe #'integerp)

(defvar hark-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?/ ". 124b" table)
    (modify-syntax-entry ?* ". 23" table)
    (modify-syntax-entry ?\n "> b" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?' "\"" table)
    (modify-syntax-entry ?\\ "\\" table)
    (dolist (part '(?_ ?. ??)) ; of names
      (modify-syntax-entry part "_" table))
    (dolist (operator '(?+ ?- ?% ?< ?> ?= ?! ?& ?| ?: ?\; ?,))
      (modify-syntax-entry operator "." table))
    table)
  "Syntax of Hark.")

(defconst hark--name "[a-z_][A-Za-z0-9_?.]*")

(defconst hark-font-lock-keywords
  `(("\\(#\\[\\)\\|\\_<\\(retry\\|timeout\\|at_most_once\\|memory\\)\\_>[^]\n]*\\]"
     (1 'font-lock-preprocessor-face nil t) (2 'font-lock-preprocessor-face nil t))
    ("\\_<\\(try\\)\\_>\\s-*{" 1 'font-lock-keyword-face)
    ("}\\s-*\\(catch\\)\\_>" 1 'font-lock-keyword-face)
    ("^\\s-*\\(import\\)\\s-*(" 1 'font-lock-keyword-face)
    (,(regexp-opt '("fn" "lambda" "if" "else" "async" "await") 'symbols) . 'font-lock-keyword-face)
    (,(regexp-opt '("true" "false" "null") 'symbols) . 'font-lock-constant-face)
    (,(concat "\\_<fn\\s-+\\(" hark--name "\\)") 1 'font-lock-function-name-face)
    (,(concat "\\_<\\(" hark--name "\\)\\s-*=\\s-*lambda\\_>") 1 'font-lock-function-name-face)
    (,(concat "\\_<\\(" hark--name "\\)\\s-*=[^=]") 1 'font-lock-variable-name-face)
    (,(concat "\\_<\\(" hark--name "\\)\\s-*(") 1 'font-lock-function-call-face)
    ("\\_<[A-Z][A-Za-z0-9_]*" . 'font-lock-type-face)
    (":[a-z][A-Za-z0-9_]*" . 'font-lock-constant-face)
    ("\\_<[0-9]+\\(?:\\.[0-9]*\\)?\\(?:[eE][+-]?[0-9]+\\)?" . 'font-lock-number-face))
  "What `font-lock-mode' colours in Hark.")

(defun hark-indentation ()
  "The column at which the current line should begin, nil to leave it."
  (save-excursion
    (back-to-indentation)
    (let* ((state (syntax-ppss (line-beginning-position)))
           (bracket (nth 1 state)))
      (cond
       ((nth 8 state) nil) ; within a string or comment
       ((null bracket) 0)
       (t
        (let ((closing (looking-at-p "[])}]")))
          (goto-char (hark--outermost bracket))
          (+ (current-indentation) (if closing 0 hark-indent-offset))))))))

(defun hark--outermost (bracket)
  "The outermost bracket around BRACKET that is opened in the same line."
  (let ((start (save-excursion (goto-char bracket) (line-beginning-position)))
        (outer bracket))
    (while (and outer (>= outer start))
      (setq bracket outer
            outer (nth 1 (syntax-ppss outer))))
    bracket))

(defun hark-indent-line ()
  "Indent the current line as the formatter does."
  (let ((column (hark-indentation)))
    (if (null column)
        'noindent
      (let ((from-end (- (point-max) (point))))
        (indent-line-to column)
        (when (> (- (point-max) from-end) (point))
          (goto-char (- (point-max) from-end)))))))

(defun hark-run (&optional function)
  "Run FUNCTION of the current file, main if it is nil.
A prefix argument asks for its name."
  (interactive (list (and current-prefix-arg (read-string "Function: " nil nil "main"))))
  (save-buffer)
  (compile (mapconcat #'shell-quote-argument
                      (append (list hark-program "run" buffer-file-name)
                              (and function (list "--function" function)))
                      " ")))

(defun hark-find-project (directory)
  "The project of DIRECTORY: the nearest folder with a hark.toml."
  (when-let* ((root (locate-dominating-file directory "hark.toml")))
    (cons 'hark root)))

(cl-defmethod project-root ((project (head hark)))
  "The folder of a Hark PROJECT."
  (cdr project))

(defvar-keymap hark-mode-map
  :doc "Keys of Hark buffers."
  "C-c C-c" #'hark-run)

;;;###autoload
(define-derived-mode hark-mode prog-mode "Hark"
  "Major mode for pipelines of Python functions in Hark.
\\{hark-mode-map}"
  (setq-local comment-start "// ")
  (setq-local comment-end "")
  (setq-local comment-start-skip "\\(?://+\\|/\\*+\\)\\s-*")
  (setq-local font-lock-defaults '(hark-font-lock-keywords))
  (setq-local indent-line-function #'hark-indent-line)
  (setq-local indent-tabs-mode nil)
  (setq-local electric-indent-chars (append "]})" electric-indent-chars))
  (setq-local imenu-generic-expression
              `((nil ,(concat "^\\s-*fn\\s-+\\(" hark--name "\\)") 1)))
  (add-hook 'project-find-functions #'hark-find-project nil t))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.hk\\'" . hark-mode))

(defvar eglot-server-programs)
(defvar dape-configs)

;;;###autoload
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs '(hark-mode . ("hark-ls" "lsp"))))

(autoload 'hark-dape-pick-session "hark-dape")
(autoload 'hark-dape-pick-running "hark-dape")
(autoload 'hark-dape-read-fork "hark-dape")

;; Dape asks for what is a function here.
;;;###autoload
(with-eval-after-load 'dape
  (let ((adapter '(modes (hark-mode) command "hark-ls" command-args ("dap") command-cwd dape-command-cwd :type "hark" :cwd dape-cwd)))
    (dolist (config '((hark :request "launch" :program dape-buffer-default)
                      (hark-session :request "launch" :session hark-dape-pick-session)
                      (hark-fork :request "launch" :session hark-dape-pick-session :fork hark-dape-read-fork)
                      (hark-attach :request "attach" :live t :session hark-dape-pick-running)))
      (add-to-list 'dape-configs (append (list (car config)) adapter (cdr config)))))
  (require 'hark-dape nil t))

(provide 'hark-mode)

;;; hark-mode.el ends here
