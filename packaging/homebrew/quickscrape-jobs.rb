class QuickscrapeJobs < Formula
  desc "Scheduler for web-scraping jobs, with a dashboard and servers for assistants"
  homepage "{{homepage}}"
  url "{{url}}"
  sha256 "{{sha256}}"
  license "{{license}}"

  depends_on "node"

  def install
    system "npm", "install", *std_npm_args
    package = libexec/"lib/node_modules/quickscrape-jobs"
    # Messages then say `brew upgrade`, and services start a path that an upgrade leaves as it is.
    (package/"dist/installed-from").write "homebrew\n"
    bin.install_symlink libexec.glob("bin/*")
    man1.install_symlink libexec.glob("share/man/man1/*")
    generate_completions_from_executable(bin/"quickscrape", "completion", shells: [:bash, :zsh, :fish, :pwsh])
  end

  def caveats
    <<~EOS
      A scheduler that runs while you are logged in:
        brew services start quickscrape-jobs

      Pages that scripts make need Chromium or Google Chrome, such as:
        brew install --cask google-chrome
    EOS
  end

  service do
    run [opt_bin/"quickscrape", "scheduler", "run"]
    keep_alive crashed: true
    log_path var/"log/quickscrape.log"
    error_log_path var/"log/quickscrape.log"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/quickscrape --version")
    ENV["QUICKSCRAPE_HOME"] = (testpath/"home").to_s
    system bin/"quickscrape", "init"
    assert_match "example", shell_output("#{bin}/quickscrape list")
  end
end
