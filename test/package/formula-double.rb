# A double of Homebrew's formula language, as far as our formula uses it: it runs `install` and `test` with the real
# npm into a prefix. Homebrew itself is not to be had here.
# Usage: ruby formula-double.rb FORMULA TARBALL-FOLDER PREFIX
require "digest"
require "fileutils"
require "json"
require "open3"
require "pathname"
require "tmpdir"
require "uri"

class Pathname
  def install_symlink(sources)
    mkpath
    sources.each { |source| FileUtils.ln_s(source.relative_path_from(self), self/source.basename) }
  end
end

class ServiceDouble
  attr_reader :facts

  def initialize(formula)
    @formula = formula
    @facts = {}
  end

  def opt_bin = @formula.bin
  def var = @formula.prefix/"var"

  [:run, :keep_alive, :log_path, :error_log_path].each do |name|
    define_method(name) { |value| @facts[name] = value }
  end
end

class Formula
  class << self
    attr_reader :facts, :service_block, :test_block

    [:desc, :homepage, :url, :sha256, :license, :depends_on].each do |name|
      define_method(name) { |value| (@facts ||= {})[name] = value }
    end

    def service(&block) = @service_block = block
    def test(&block) = @test_block = block
  end

  attr_reader :prefix, :testpath

  def initialize(prefix, testpath)
    @prefix = Pathname(prefix)
    @testpath = Pathname(testpath)
  end

  def bin = prefix/"bin"
  def libexec = prefix/"libexec"
  def man1 = prefix/"share/man/man1"
  def version = Pathname(self.class.facts[:url]).basename.to_s[/-(\d[^-]*)\.tgz$/, 1]

  # Homebrew packs the unpacked tarball anew before npm installs it.
  def std_npm_args
    output, status = Open3.capture2("npm", "pack", "--ignore-scripts", "--silent")
    raise "npm pack failed" unless status.success?

    (libexec/"lib").mkpath
    ["--global", "--build-from-source", "--ignore-scripts", "--prefix=#{libexec}", File.expand_path(output.lines.last.chomp)]
  end

  def system(*words)
    raise "failed: #{words.join(" ")}" unless Kernel.system(*words.map(&:to_s))
  end

  def shell_output(line)
    output, status = Open3.capture2(line)
    raise "failed: #{line}" unless status.success?

    output
  end

  def assert_match(expected, actual)
    raise "#{expected.inspect} is not in #{actual.inspect}" unless actual.include?(expected)
  end

  COMPLETIONS = {
    bash: ["etc/bash_completion.d/%s", "bash"],
    zsh:  ["share/zsh/site-functions/_%s", "zsh"],
    fish: ["share/fish/vendor_completions.d/%s.fish", "fish"],
    pwsh: ["share/pwsh/completions/_%s.ps1", "powershell"],
  }.freeze

  def generate_completions_from_executable(*words, shells:)
    shells.each do |shell|
      place, argument = COMPLETIONS.fetch(shell)
      output, status = Open3.capture2(*words.map(&:to_s), argument)
      raise "no completion for #{shell}" unless status.success?

      file = prefix/format(place, words.first.basename)
      file.dirname.mkpath
      file.write(output)
    end
  end
end

formula_file, prefix = ARGV
load File.expand_path(formula_file)
facts = QuickscrapeJobs.facts
tarball = URI.decode_uri_component(URI(facts[:url]).path)
raise "sha256 is not that of #{tarball}" unless Digest::SHA256.file(tarball).hexdigest == facts[:sha256]

Dir.mktmpdir do |work|
  formula = QuickscrapeJobs.new(prefix, File.join(work, "test"))
  formula.testpath.mkpath
  source = File.join(work, "source")
  Dir.mkdir(source)
  Kernel.system("tar", "-xzf", tarball, "-C", source, "--strip-components=1", exception: true)
  Dir.chdir(source) { formula.install }
  formula.instance_eval(&QuickscrapeJobs.test_block)
  service = ServiceDouble.new(formula)
  service.instance_eval(&QuickscrapeJobs.service_block)
  puts JSON.generate(facts:, version: formula.version, caveats: formula.caveats, service: service.facts)
end
