;;; hark-dape.el --- Debugging Hark back in time  -*- lexical-binding: t; -*-

;; Copyright 2026 The hark-ls authors
;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; What Dape has no commands for: the ways back in time, instants, and sessions that were saved.  An instant is written THREAD:STEPS, as
;; 0.1:345; it means the same in a session for ever.

;;; Code:

(require 'json)
(require 'subr-x)

(defvar hark-program)
(declare-function dape-request "dape" (conn command arguments &optional cb))
(declare-function dape-handle-event "dape" (conn event body))
(declare-function dape--live-connection "dape" (type &optional nowarn require-selected))
(declare-function dape--thread-id-object "dape" (conn))

;;; Sessions that were saved

(defun hark-dape-sessions ()
  "The sessions that were saved in the project of the current folder, as alists."
  (with-temp-buffer
    (let* ((code (call-process (if (boundp 'hark-program) hark-program "hark-ls") nil '(t nil) nil "sessions" "--json" "--limit" "200"))
           (page (and (goto-char (point-min)) (ignore-errors (json-parse-buffer :object-type 'alist :array-type 'list :null-object nil)))))
      (unless (and (equal code 0) page)
        (user-error "The sessions cannot be read: %s" (or (alist-get 'message (alist-get 'error page)) (string-trim (buffer-string)))))
      (alist-get 'sessions page))))

(defun hark-dape--describe (session)
  "SESSION as a line to choose from, which begins with its ID."
  (let ((problem (alist-get 'error session)))
    (format "%s  %-11s  %s  %s%s" (alist-get 'id session) (alist-get 'status session) (alist-get 'started session)
            (alist-get 'function session)
            (if problem (format "  %s: %s" (alist-get 'kind problem) (alist-get 'message problem)) ""))))

(defun hark-dape-pick-session (&optional statuses)
  "Let the user choose a saved session and return its ID.
If STATUSES are given, it is one that has one of them."
  (let ((sessions (seq-filter (lambda (session) (or (null statuses) (member (alist-get 'status session) statuses)))
                              (hark-dape-sessions))))
    (unless sessions
      (user-error "There is no such session: hark-ls run FILE keeps those that it runs"))
    (let* ((lines (mapcar #'hark-dape--describe sessions))
           (table (lambda (text predicate action)
                    (if (eq action 'metadata)
                        '(metadata (display-sort-function . identity))
                      (complete-with-action action lines text predicate)))))
      (car (split-string (completing-read "Session: " table nil t))))))

(defun hark-dape-pick-running ()
  "Let the user choose a session that has not ended, and return its ID."
  (hark-dape-pick-session '("running" "waiting" "interrupted")))

;;; Instants

(defun hark-dape-parse-instant (text)
  "The instant that TEXT says, as a plist for the adapter."
  (if (string-match "\\`[ \t]*\\([0-9][0-9.]*\\):\\([0-9]+\\)[ \t]*\\'" text)
      (list :thread (match-string 1 text) :at (string-to-number (match-string 2 text)))
    (user-error "%s is no instant, such as 0.1:345" text)))

(defun hark-dape-format-instant (instant)
  "INSTANT, a plist of the adapter, as text."
  (format "%s:%d" (plist-get instant :thread) (plist-get instant :at)))

(defun hark-dape-read-fork ()
  "Ask for the instant at which a fork goes on for real."
  (hark-dape-parse-instant (read-string "Go on from the instant THREAD:STEPS: ")))

;;; Requests

(defun hark-dape--conn ()
  "The connection to the adapter of a program that stands."
  (dape--live-connection 'stopped))

(defun hark-dape--request (conn command arguments then)
  "Send COMMAND with ARGUMENTS over CONN.
Call THEN with the body of the answer, or say what is wrong."
  (dape-request conn command arguments
                (lambda (body problem)
                  (if problem
                      (message "Hark: %s" problem)
                    (funcall then body)))))

(defun hark-dape--move (conn command arguments)
  "Let the program over CONN go somewhere else by COMMAND with ARGUMENTS."
  (hark-dape--request conn command arguments (lambda (_body) (dape-handle-event conn 'continued nil))))

(defmacro hark-dape--define (name command doc)
  "Define NAME, which sends COMMAND; DOC says what it does."
  (declare (indent 2) (doc-string 3))
  `(defun ,name (&optional instruction)
     ,(concat doc "\nWith a prefix argument, or INSTRUCTION, by instruction.")
     (interactive "P")
     (let ((conn (hark-dape--conn)))
       (hark-dape--move conn ,command (append (dape--thread-id-object conn) (and instruction '(:granularity "instruction")))))))

(hark-dape--define hark-dape-step-back "stepBack"
  "Go back to the line before, over calls.")
(hark-dape--define hark-dape-step-back-into "hark/stepBackIn"
  "Go back to the line before, into calls from their end.")
(hark-dape--define hark-dape-step-back-out "hark/stepBackOut"
  "Go back to where the function was called.")

(defun hark-dape-reverse-continue ()
  "Go back to the breakpoint before this instant, or to the beginning."
  (interactive)
  (let ((conn (hark-dape--conn)))
    (hark-dape--move conn "reverseContinue" (dape--thread-id-object conn))))

(defun hark-dape-instant ()
  "Show the instant at which the thread stands, and put it into the kill ring."
  (interactive)
  (let ((conn (hark-dape--conn)))
    (hark-dape--request conn "hark/instant" (dape--thread-id-object conn)
                        (lambda (body)
                          (let ((text (hark-dape-format-instant (plist-get body :instant))))
                            (kill-new text)
                            (message "Hark: %s" text))))))

(defun hark-dape-goto-instant (instant)
  "Go to INSTANT, THREAD:STEPS, before or after this one."
  (interactive "sGo to the instant THREAD:STEPS: ")
  (hark-dape--move (hark-dape--conn) "hark/gotoInstant" (list :instant (hark-dape-parse-instant instant))))

(defun hark-dape-cause ()
  "Go to what let the thread go on last.
That is the end of what it awaited, else the async that started it."
  (interactive)
  (let ((conn (hark-dape--conn)))
    (hark-dape--request conn "hark/cause" (dape--thread-id-object conn)
                        (lambda (body)
                          (let ((instant (plist-get body :instant)))
                            (if (null instant)
                                (message "Hark: nothing in the session brought this about")
                              (message "Hark: %s at %s" (plist-get body :kind) (hark-dape-format-instant instant))
                              (hark-dape--move conn "hark/gotoInstant" (list :instant instant))))))))

;;; Keys

(defvar-keymap hark-dape-map
  :doc "The ways back in time, under a prefix key."
  "n" #'hark-dape-step-back
  "s" #'hark-dape-step-back-into
  "o" #'hark-dape-step-back-out
  "c" #'hark-dape-reverse-continue
  "w" #'hark-dape-cause
  "i" #'hark-dape-instant
  "g" #'hark-dape-goto-instant)

(provide 'hark-dape)

;;; hark-dape.el ends here
