;;; quickscrape.el --- Scraping jobs, live, with QuickScrape Jobs  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT
;; Author: The authors of QuickScrape Jobs
;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; Keywords: tools, processes

;;; Commentary:

;; `M-x quickscrape' shows the jobs of QuickScrape Jobs with their states,
;; live.  Keys run, cancel, enable and disable the job at point, and show its
;; log.  `M-x quickscrape-new-configuration' makes a configuration of what
;; repeats on a web page.  The package speaks with `quickscrape rpc'.

;;; Code:

(require 'jsonrpc)
(require 'subr-x)
(require 'tabulated-list)

(defgroup quickscrape nil "Scraping jobs, live." :group 'tools)

(defcustom quickscrape-command '("quickscrape")
  "The program and its first arguments."
  :type '(repeat string))

(defvar quickscrape--connection nil)
(defvar quickscrape--refresh nil "The timer of the next refresh.")
(defvar quickscrape--started nil "The ids of runs whose end is shown.")
(defvar-local quickscrape--run nil "The run whose log the buffer shows.")

(defun quickscrape--clean (text)
  "Make one line of plain TEXT: it may come from a web page."
  (replace-regexp-in-string
   "[\0-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]" "\ufffd"
   (replace-regexp-in-string "[\n\r\t]+" " " (format "%s" (or text "")))))

(defun quickscrape--tell (format &rest args)
  "Show a message of FORMAT and ARGS."
  (message "QuickScrape: %s" (quickscrape--clean (apply #'format format args))))

(defun quickscrape--tell-error (message hint)
  "Show the MESSAGE of an error, and the HINT what to do next."
  (quickscrape--tell "%s" (if hint (concat (string-remove-suffix "." message) ". " hint) message)))

(defun quickscrape--start (args &rest options)
  "Start the program with ARGS and process OPTIONS."
  (condition-case nil
      (apply #'make-process :name "quickscrape" :command (append quickscrape-command args)
             :connection-type 'pipe :noquery t options)
    (file-error (user-error "The program %s was not found; install QuickScrape Jobs, or set `quickscrape-command'"
                            (car quickscrape-command)))))

(defun quickscrape--connect ()
  "Return the connection, opened when there is none."
  (unless (and quickscrape--connection (jsonrpc-running-p quickscrape--connection))
    (let ((errors (get-buffer-create " *quickscrape errors*")))
      (with-current-buffer errors (erase-buffer))
      (setq quickscrape--connection
            (make-instance
             'jsonrpc-process-connection
             :name "quickscrape"
             :process (lambda () (quickscrape--start '("rpc" "--framing" "content-length") :coding 'utf-8-emacs-unix :stderr errors))
             :notification-dispatcher #'quickscrape--notified
             :on-shutdown (lambda (_)
                            (quickscrape--tell
                             "quickscrape rpc has ended%s. The next command starts it again"
                             (with-current-buffer errors
                               (goto-char (point-min))
                               (if (looking-at ".+") (concat ": " (match-string 0)) "")))))))
    ;; What changed before the subscription is not notified.
    (quickscrape--call 'subscribe nil #'quickscrape--list))
  quickscrape--connection)

(defun quickscrape--call (method params then)
  "Call METHOD with PARAMS, and THEN with its result."
  (jsonrpc-async-request
   (if (eq method 'subscribe) quickscrape--connection (quickscrape--connect)) method params
   :success-fn then
   ;; That the server has ended is shown once, by the connection.
   :error-fn (lambda (err)
               (unless (eq (plist-get err :code) -1)
                 (quickscrape--tell-error (plist-get err :message) (plist-get (plist-get err :data) :hint))))
   :timeout-fn (lambda () (quickscrape--tell "%s was not answered in time" method))))

(defun quickscrape--notified (_connection method params)
  "Refresh what METHOD and PARAMS say has changed."
  (let ((run (plist-get params :run)))
    (when (and run (member (plist-get run :run_id) quickscrape--started)
               (not (member (plist-get run :status) '("queued" "running" "waiting_retry"))))
      (setq quickscrape--started (delete (plist-get run :run_id) quickscrape--started))
      (let ((items (plist-get run :items)))
        (quickscrape--tell "%s: %s, %d item%s" (plist-get run :job_id) (plist-get run :status)
                           items (if (eq items 1) "" "s"))))
    (dolist (buffer (buffer-list))
      (when (and run (equal (buffer-local-value 'quickscrape--run buffer) (plist-get run :run_id)))
        (with-current-buffer buffer (revert-buffer)))))
  (unless (or quickscrape--refresh (eq method 'run_progress))
    (setq quickscrape--refresh (run-at-time 0.1 nil #'quickscrape--refresh))))

(defun quickscrape--time (instant)
  "Format an INSTANT of the program, to the minute."
  (if (and instant (string-match "\\`\\([^T]+\\)T\\([0-9]+:[0-9]+\\)[:.0-9]*\\(.*\\)" instant))
      (replace-match "\\1 \\2 \\3" nil nil instant)
    instant))

(defun quickscrape--row (job)
  "Return the row of JOB."
  (let ((is-enabled (eq (plist-get job :enabled) t)) (status (plist-get job :status)))
    (list (plist-get job :job_id)
          (vconcat (mapcar #'quickscrape--clean
                           (list (cond ((plist-get job :paused) "paused")
                                       ((equal status "running") status)
                                       ((not (or is-enabled (equal status "invalid"))) "disabled")
                                       ((equal status "completed") "succeeded")
                                       (status))
                                 (plist-get job :job_id)
                                 (quickscrape--time (plist-get job :next_run))
                                 (or (plist-get job :error) (plist-get job :schedule))
                                 (plist-get job :config_name)))))))

(defun quickscrape--refresh ()
  "Show the jobs after a change, unless the server has ended meanwhile."
  (setq quickscrape--refresh nil)
  (when (jsonrpc-running-p quickscrape--connection) (quickscrape--list)))

(defun quickscrape--list (&rest _)
  "Show the jobs as they are now, where the list is open."
  (when (get-buffer "*quickscrape*")
    (quickscrape--call 'list_jobs '(:limit 1000)
                       (lambda (answer)
                         (when-let ((buffer (get-buffer "*quickscrape*")))
                           (with-current-buffer buffer
                             (setq tabulated-list-entries (mapcar #'quickscrape--row (plist-get answer :jobs)))
                             (tabulated-list-print t)))))))

(defvar quickscrape-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map "r" #'quickscrape-run)
    (define-key map "x" #'quickscrape-cancel)
    (define-key map "t" #'quickscrape-toggle)
    (define-key map "l" #'quickscrape-log)
    (define-key map (kbd "RET") #'quickscrape-log)
    (define-key map "+" #'quickscrape-new-configuration)
    map)
  "Keys of `quickscrape-mode'.")

(define-derived-mode quickscrape-mode tabulated-list-mode "QuickScrape"
  "The jobs of QuickScrape Jobs, live."
  (setq tabulated-list-format [("State" 10 t) ("Job" 24 t) ("Next run" 24 t) ("Schedule" 34 nil) ("Configuration" 0 t)])
  (tabulated-list-init-header)
  (setq-local revert-buffer-function #'quickscrape--list))

;;;###autoload
(defun quickscrape ()
  "Show the jobs with their states, live."
  (interactive)
  (pop-to-buffer-same-window (get-buffer-create "*quickscrape*"))
  (unless (derived-mode-p 'quickscrape-mode) (quickscrape-mode))
  (quickscrape--list))

(defun quickscrape--job ()
  "Return the id of the job at point."
  (or (tabulated-list-get-id) (user-error "Put point on a job")))

(defun quickscrape-run ()
  "Run the job at point now, and say how it ends."
  (interactive)
  (let ((job (quickscrape--job)))
    (quickscrape--call 'run_job (list :job_id job)
                       (lambda (answer)
                         (push (plist-get (plist-get answer :run) :run_id) quickscrape--started)
                         (quickscrape--tell "%s: %s" job (plist-get (plist-get answer :run) :status))))))

(defun quickscrape--last-run (job then)
  "Call THEN with the newest run of JOB."
  (quickscrape--call 'list_runs (list :job_id job :limit 1)
                     (lambda (answer)
                       (if (seq-empty-p (plist-get answer :runs))
                           (quickscrape--tell "%s has not run yet" job)
                         (funcall then (elt (plist-get answer :runs) 0))))))

(defun quickscrape-cancel ()
  "Cancel the run of the job at point."
  (interactive)
  (let ((job (quickscrape--job)))
    (when (y-or-n-p (format "Cancel the run of %s? " job))
      (quickscrape--last-run job
                             (lambda (run)
                               (quickscrape--call 'cancel_run (list :run_id (plist-get run :run_id))
                                                  (lambda (answer)
                                                    (quickscrape--tell "%s: %s" job
                                                                       (plist-get (plist-get answer :run) :status)))))))))

(defun quickscrape-toggle ()
  "Enable the job at point, or disable it."
  (interactive)
  (let* ((job (quickscrape--job))
         (enable (member (aref (tabulated-list-get-entry) 0) '("disabled" "paused"))))
    (quickscrape--call 'update_job (list :job_id job :changes (list :enabled (if enable t :json-false)))
                       (lambda (_) (quickscrape--tell "%s: %s" job (if enable "enabled" "disabled"))))))

(defun quickscrape--show-log (run-id &optional buffer)
  "Show the end of the log of RUN-ID in BUFFER, or in a new one."
  (quickscrape--call
   'get_run (list :run_id run-id :log_lines 200 :sample_items 0)
   (lambda (answer)
     (let ((buffer (or buffer (get-buffer-create (format "*quickscrape log %s*" run-id)))))
       (when (buffer-live-p buffer)
         (with-current-buffer buffer
           (unless (derived-mode-p 'special-mode) (special-mode))
           (setq quickscrape--run run-id)
           (setq-local revert-buffer-function (lambda (&rest _) (quickscrape--show-log run-id (current-buffer))))
           (let ((inhibit-read-only t) (at (unless (eobp) (point))))
             (erase-buffer)
             (insert (mapconcat #'quickscrape--clean (plist-get answer :log_tail) "\n") "\n")
             (set-buffer-modified-p nil)
             (when at (goto-char at))))
         (unless (get-buffer-window buffer) (display-buffer buffer)))))))

(defun quickscrape-log ()
  "Show the log of the last run of the job at point, as it grows."
  (interactive)
  (quickscrape--last-run (quickscrape--job) (lambda (run) (quickscrape--show-log (plist-get run :run_id)))))

;;;###autoload
(defun quickscrape-new-configuration (url)
  "Make a configuration of what repeats on the page at URL, and visit it."
  (interactive "sAddress of the page: ")
  (quickscrape--tell "reading %s …" url)
  (let ((output (generate-new-buffer " *quickscrape wizard*")))
    (quickscrape--start
     (list "wizard" "--yes" "--json" "--" url) :buffer output
     :sentinel (lambda (process _)
                 (unless (process-live-p process)
                   (let* ((text (with-current-buffer output (buffer-string)))
                          (answer (ignore-errors (json-parse-string text :object-type 'plist :null-object nil)))
                          (err (plist-get answer :error)))
                     (kill-buffer output)
                     (cond (err (quickscrape--tell-error (plist-get err :message) (plist-get err :hint)))
                           ;; Parts of the text come from the page: none of it sets variables.
                           (answer (let ((enable-local-variables nil)) (find-file (plist-get answer :file))))
                           (t (quickscrape--tell "wizard: %s" text)))))))))

(provide 'quickscrape)
;;; quickscrape.el ends here
