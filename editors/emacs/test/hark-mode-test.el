;;; hark-mode-test.el --- Tests of hark-mode  -*- lexical-binding: t; -*-

;;; Commentary:

;; $REPOSITORY is the checkout, $PROJECT an empty folder.

;;; Code:

(require 'ert)
(require 'eglot)
(require 'flymake)
(require 'hark-mode)

(defun hark-test--wait (what condition)
  "Wait until CONDITION, a function, gives something other than nil; WHAT is what is waited for."
  (let ((deadline (+ (float-time) 60)) result)
    (while (not (setq result (funcall condition)))
      (when (> (float-time) deadline)
        (error "Waited in vain for %s" what))
      (accept-process-output nil 0.05))
    result))

(defmacro hark-test--with (text &rest body)
  "Evaluate BODY in a fontified Hark buffer with TEXT."
  (declare (indent 1))
  `(with-temp-buffer
     (insert ,text)
     (hark-mode)
     (font-lock-ensure)
     (goto-char (point-min))
     ,@body))

(defun hark-test--face (text)
  "The face of the first character of TEXT's next occurrence."
  (search-forward text)
  (get-text-property (match-beginning 0) 'face))

(ert-deftest hark-faces ()
  (hark-test--with "/** Doc. */\n#[retry(max=3)]\nfn main(a: Int) { // why\n  src.b = await f(\"s // t\", :sym, 1.5, 'c')\n}\n"
    (should (memq (hark-test--face "Doc") '(font-lock-comment-face font-lock-doc-face)))
    (should (eq (hark-test--face "retry") 'font-lock-preprocessor-face))
    (should (eq (hark-test--face "fn") 'font-lock-keyword-face))
    (should (eq (hark-test--face "main") 'font-lock-function-name-face))
    (should (eq (hark-test--face "Int") 'font-lock-type-face))
    (should (eq (hark-test--face "why") 'font-lock-comment-face))
    (should (eq (hark-test--face "src.b") 'font-lock-variable-name-face))
    (should (eq (hark-test--face "await") 'font-lock-keyword-face))
    (should (eq (hark-test--face "s // t") 'font-lock-string-face))
    (should (eq (hark-test--face ":sym") 'font-lock-constant-face))
    (should (eq (hark-test--face "1.5") 'font-lock-number-face))
    (should (eq (hark-test--face "c'") 'font-lock-string-face))))

(ert-deftest hark-indentation-is-the-formatters ()
  "Formatted files stay as they are; so do they when all indentation is taken away first."
  (let ((files (append (directory-files-recursively (expand-file-name "examples" (getenv "REPOSITORY")) "\\.hk\\'")
                       (directory-files-recursively (expand-file-name "compiler/prelude" (getenv "REPOSITORY")) "\\.hk\\'"))))
    (should (> (length files) 10))
    (dolist (file files)
      (unless (string-match-p "/broken/" file)
        (hark-test--with (with-temp-buffer (insert-file-contents file) (buffer-string))
          (let ((formatted (buffer-string)) (inhibit-message t))
            (while (re-search-forward "^ +" nil t)
              (unless (nth 8 (save-excursion (syntax-ppss (match-beginning 0))))
                (replace-match "")))
            (indent-region (point-min) (point-max))
            (should (equal (cons file (buffer-string)) (cons file formatted)))))))))

(ert-deftest hark-names-are-symbols ()
  (hark-test--with "empty?(src.video)"
    (should (equal (thing-at-point 'symbol t) "empty?"))
    (search-forward "(")
    (should (equal (thing-at-point 'symbol t) "src.video"))))

(ert-deftest hark-eglot-shows-diagnostics ()
  "Eglot starts the server in the project's folder; a mistake is shown, and goes when it is mended."
  (let* ((root (file-name-as-directory (getenv "PROJECT")))
         (file (expand-file-name "lib/main.hk" root))
         (eglot-autoshutdown t)
         (eglot-sync-connect 30))
    (make-directory (file-name-directory file))
    (write-region "" nil (expand-file-name "hark.toml" root))
    (write-region "fn main() { pritn(1) }\n" nil file)
    (with-current-buffer (find-file-noselect file)
      (should (eq major-mode 'hark-mode))
      (should (equal (file-truename (project-root (project-current))) (file-truename root)))
      (apply #'eglot--connect (eglot--guess-contact))
      (hark-test--wait "the server" #'eglot-current-server)
      (hark-test--wait "the diagnostic" (lambda () (flymake-start) (flymake-diagnostics)))
      (should (string-match-p "pritn" (flymake-diagnostic-text (car (flymake-diagnostics)))))
      (goto-char (point-min))
      (search-forward "pritn")
      (replace-match "print")
      (eglot--signal-textDocument/didChange)
      (hark-test--wait "no diagnostic" (lambda () (flymake-start) (null (flymake-diagnostics))))
      (eglot-format-buffer)
      (should (equal (buffer-string) "fn main() { print(1) }\n"))
      (set-buffer-modified-p nil)
      (eglot-shutdown (eglot-current-server)))))

;;; hark-mode-test.el ends here
