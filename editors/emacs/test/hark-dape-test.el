;;; hark-dape-test.el --- Tests of hark-dape  -*- lexical-binding: t; -*-

;;; Commentary:

;; Dape is no part of Emacs.  What we use of it is here, over Emacs's own jsonrpc.el as in Dape, so that our commands have a conversation
;; with the real adapter.

;;; Code:

(require 'ert)
(require 'cl-lib)
(require 'jsonrpc)
(require 'hark-mode)

;;; As Dape has it

(defvar dape-configs nil)

(defclass hark-test-adapter (jsonrpc-process-connection)
  ((thread :initform nil :accessor hark-test-thread) (stops :initform nil :accessor hark-test-stops)
   (output :initform nil :accessor hark-test-output) (initialized :initform nil :accessor hark-test-initialized)
   (over :initform nil :accessor hark-test-over)))

(cl-defmethod jsonrpc-convert-to-endpoint ((_conn hark-test-adapter) message _subtype)
  (cl-destructuring-bind (&key id method params &allow-other-keys) message
    `(:type "request" :seq ,id :command ,method ,@(and params `(:arguments ,params)))))

(cl-defmethod jsonrpc-convert-from-endpoint ((_conn hark-test-adapter) message)
  (cl-destructuring-bind (&key type request_seq event body &allow-other-keys) message
    (if (equal type "event")
        `(:method ,event :params ,body)
      `(:id ,request_seq :result ,message))))

(defun hark-test--event (conn event body)
  "Take down EVENT of CONN with BODY."
  (pcase event
    ('initialized (setf (hark-test-initialized conn) t))
    ('stopped (setf (hark-test-thread conn) (plist-get body :threadId))
              (push body (hark-test-stops conn)))
    ('output (push body (hark-test-output conn)))
    ('terminated (setf (hark-test-over conn) t))))

(defvar hark-test--conn nil "The connection of the test that runs.")

(defun dape--live-connection (&rest _)
  (or hark-test--conn (user-error "No live connection")))
(defun dape--thread-id-object (conn)
  (list :threadId (hark-test-thread conn)))
(defun dape-request (conn command arguments &optional callback)
  (jsonrpc-async-request conn command (or arguments (make-hash-table))
                         :success-fn (lambda (result)
                                       (when callback
                                         (funcall callback (plist-get result :body)
                                                  (unless (eq (plist-get result :success) t) (plist-get result :message)))))))
(defun dape-handle-event (&rest _))
(provide 'dape)
(require 'hark-dape)

;;; Conversations

(defun hark-test--until (what condition)
  "Wait until CONDITION gives something other than nil; WHAT is what is waited for."
  (let ((deadline (+ (float-time) 60)) result)
    (while (not (setq result (funcall condition)))
      (when (> (float-time) deadline)
        (error "Waited in vain for %s" what))
      (accept-process-output nil 0.05))
    result))

(defun hark-test--ask (command arguments)
  "The body of the answer to COMMAND with ARGUMENTS."
  (let ((answer (jsonrpc-request hark-test--conn command arguments :timeout 60)))
    (unless (eq (plist-get answer :success) t)
      (error "%s: %s" command (plist-get answer :message)))
    (plist-get answer :body)))

(defun hark-test--launch (arguments &optional breakpoints)
  "Start an adapter, launch ARGUMENTS with BREAKPOINTS, a request's arguments, and wait for the first stop."
  (setq hark-test--conn
        (hark-test-adapter :name "hark" :notification-dispatcher #'hark-test--event
                           :process (lambda () (make-process :name "hark" :command '("hark-ls" "dap") :connection-type 'pipe
                                                             :coding 'utf-8-emacs-unix :noquery t))))
  (hark-test--ask "initialize" '(:adapterID "hark"))
  (hark-test--ask "launch" arguments)
  (hark-test--until "the adapter" (lambda () (hark-test-initialized hark-test--conn)))
  (when breakpoints
    (hark-test--ask "setBreakpoints" breakpoints))
  (hark-test--stop (lambda () (hark-test--ask "configurationDone" (make-hash-table)))))

(defun hark-test--stop (act)
  "Do ACT, and return the line and the reason of the stop that follows."
  (let ((before (length (hark-test-stops hark-test--conn))))
    (funcall act)
    (hark-test--until "a stop" (lambda () (> (length (hark-test-stops hark-test--conn)) before)))
    (let ((frame (elt (plist-get (hark-test--ask "stackTrace" (dape--thread-id-object hark-test--conn)) :stackFrames) 0)))
      (list (plist-get frame :line) (plist-get (car (hark-test-stops hark-test--conn)) :reason)))))

(defun hark-test--end ()
  "End the conversation."
  (dape-request hark-test--conn "disconnect" nil) ; the end may come before the answer is read
  (hark-test--until "the end of the adapter" (lambda () (not (jsonrpc-running-p hark-test--conn))))
  (setq hark-test--conn nil))

(defconst hark-test--source "fn add(a, b) {
  c = a + b;
  print(c);
  c
}

fn main() {
  x = add(1, 2);
  later = async add(x, 10);
  y = await later;
  x + y
}
")

(defmacro hark-test--in-project (&rest body)
  "Evaluate BODY in a folder with a program, FILE, of which a session was saved."
  `(let* ((default-directory (file-name-as-directory (make-temp-file (expand-file-name "debug" (getenv "PROJECT")) t)))
          (file (expand-file-name "main.hk")))
     (with-temp-file file (insert hark-test--source))
     (should (equal (call-process "hark-ls" nil nil nil "run" file) 0))
     ,@body))

(ert-deftest hark-dape-configurations ()
  (let ((launch (cdr (assq 'hark dape-configs))) (attach (cdr (assq 'hark-attach dape-configs))))
    (should (equal (plist-get launch 'command) "hark-ls"))
    (should (equal (plist-get launch :program) 'dape-buffer-default))
    (should (equal (plist-get attach :request) "attach"))
    (dolist (name '(hark-session hark-fork hark-attach))
      (should (functionp (plist-get (cdr (assq name dape-configs)) :session))))
    (should (functionp (plist-get (cdr (assq 'hark-fork dape-configs)) :fork)))))

(ert-deftest hark-dape-instants ()
  (should (equal (hark-dape-parse-instant " 0.1:345 ") '(:thread "0.1" :at 345)))
  (should (equal (hark-dape-format-instant '(:thread "0.1" :at 345)) "0.1:345"))
  (should-error (hark-dape-parse-instant "345") :type 'user-error))

(ert-deftest hark-dape-picks-a-session ()
  (hark-test--in-project
   (let (offered)
     (let ((completing-read-function
            (lambda (_prompt table &rest _)
              (setq offered (all-completions "" table))
              (car offered))))
       (should (equal (hark-dape-pick-session) (alist-get 'id (car (hark-dape-sessions)))))
       (should (string-match-p "done .* main" (car offered))))
     (should-error (hark-dape-pick-running) :type 'user-error))))

(ert-deftest hark-dape-program ()
  "A breakpoint, run, step, evaluate, and back."
  (hark-test--in-project
   (should (equal (hark-test--launch (list :program file :cwd default-directory)
                                     (list :source (list :path file) :breakpoints [(:line 2)]))
                  '(2 "breakpoint")))
   (should (equal (hark-test--stop (lambda () (hark-test--ask "next" (dape--thread-id-object hark-test--conn)))) '(3 "step")))
   (let ((frame (elt (plist-get (hark-test--ask "stackTrace" (dape--thread-id-object hark-test--conn)) :stackFrames) 0)))
     (should (equal (plist-get (hark-test--ask "evaluate" (list :expression "c * 2" :frameId (plist-get frame :id))) :result) "6")))
   (should (equal (hark-test--stop #'hark-dape-step-back) '(2 "step")))
   (should (equal (hark-test--stop #'hark-dape-step-back-out) '(8 "step")))
   (should (equal (hark-test--stop (lambda () (hark-test--ask "continue" (dape--thread-id-object hark-test--conn))))
                  '(2 "breakpoint")))
   (hark-test--end)))

(ert-deftest hark-dape-saved-session ()
  "A saved session, reversed to the line that printed a line of output."
  (hark-test--in-project
   (let ((session (alist-get 'id (car (hark-dape-sessions)))) printed)
     (should (equal (hark-test--launch (list :session session :cwd default-directory)) '(11 "step")))
     (setq printed (seq-find (lambda (output) (equal (plist-get output :output) "13\n")) (hark-test-output hark-test--conn)))
     (setq printed (hark-dape-format-instant (plist-get (plist-get printed :data) :instant)))
     (should (equal (hark-test--stop (lambda () (hark-dape-goto-instant printed))) '(3 "goto")))
     (should (equal (hark-test--stop (lambda () (hark-dape-step-back t))) '(2 "step")))
     (should (equal (hark-test--stop #'hark-dape-cause) '(9 "goto")))
     (hark-dape-instant)
     (hark-test--until "the instant" (lambda () (and kill-ring (string-prefix-p "0:" (current-kill 0)))))
     (should (equal (hark-test--stop #'hark-dape-reverse-continue) '(8 "step")))
     (hark-test--end)
     ;; A fork begins at its instant.
     (should (equal (hark-test--launch (list :session session :cwd default-directory :fork (hark-dape-parse-instant "0:10")))
                    '(9 "goto")))
     (hark-test--end))))

;;; hark-dape-test.el ends here
