#!/usr/bin/env ruby
# frozen_string_literal: true

# Records what real Jekyll makes of a site: every source's URL and output, the ids of every page's own content, and every
# reference that leads nowhere in the built site.
#
#   ruby record_site.rb SITE --out RECORDING.json [--name NAME] [--verdicts VERDICTS.json] [--absent PATH,...]
#
# Needs Jekyll 4 and Nokogiri (Debian: jekyll, ruby-nokogiri and the ruby-jekyll-* plugins). No code of the site is run: the
# build is safe, and loads only those of the plugins it names that are installed here. What is not installed (a plugin, a
# theme, an include of that theme, a tag of a plugin) is dropped and named in `dropped`. README.md gives the format.
ENV["TZ"] = "UTC"
require "jekyll"
require "json"
require "nokogiri"
require "optparse"
require "set"
require "tmpdir"

NOW = "2026-06-15 12:00:00 +0000"

# What GitHub Pages adds to every site that it builds.
GITHUB_PAGES = %w(jekyll-coffeescript jekyll-gist jekyll-paginate jekyll-relative-links jekyll-optional-front-matter
                  jekyll-readme-index jekyll-default-layout jekyll-titles-from-headings).freeze
# They ask the network.
NETWORK = %w(jekyll-github-metadata jekyll-remote-theme).freeze

# What this machine could not give the site, by kind.
DROPPED = Hash.new { |all, kind| all[kind] = [] }

def did_without(kind, name)
  DROPPED[kind] << name unless DROPPED[kind].include?(name)
end

# YAML as Jekyll reads it where it is not patched: a plain `:word` is a string.
module PlainColons
  def safe_load_yaml(yaml)
    plain(Psych.safe_load(yaml, :permitted_classes => [Date, Time, Symbol], :aliases => true))
  end

  def plain(value)
    case value
    when Hash then value.to_h { |k, v| [plain(k), plain(v)] }
    when Array then value.map { |v| plain(v) }
    when Symbol then ":#{value}"
    else value
    end
  end
end
Jekyll::Utils.singleton_class.prepend(PlainColons)

# An include that a dropped theme would have brought prints nothing.
module ForgivingInclude
  FOLDER = Dir.mktmpdir
  File.write(File.join(FOLDER, "nothing"), "")

  def locate_include_file(*arguments)
    super
  rescue IOError => e
    did_without("includes", e.message.lines.first.strip)
    return File.join(FOLDER, "nothing") unless is_a?(Jekyll::Tags::OptimizedIncludeTag)
    Jekyll::Inclusion.new(@site, FOLDER, "nothing")
  end
end
at_exit { FileUtils.rm_rf(ForgivingInclude::FOLDER) }
Jekyll::Tags::IncludeTag.prepend(ForgivingInclude)
Jekyll::Tags::OptimizedIncludeTag.prepend(ForgivingInclude)

# A data file that is no YAML, JSON or CSV fails the build; here it is empty.
module ForgivingData
  def read_data_file(path)
    super
  rescue StandardError => e
    did_without("data", "#{path}: #{e.message.lines.first.strip}")
    nil
  end
end
Jekyll::DataReader.prepend(ForgivingData)

# What jekyll-coffeescript does to URLs; the scripts themselves are of no interest here.
def stand_in_for_coffeescript
  Class.new(Jekyll::Converter) do
    safe true
    define_method(:matches) { |extension| extension.casecmp?(".coffee") }
    define_method(:output_ext) { |_| ".js" }
    define_method(:convert) { |_| "" }
  end
end

# A stylesheet that this machine's Sass cannot read is empty; no reference is looked for in it.
module ForgivingSass
  def convert(content)
    super
  rescue StandardError => e
    did_without("stylesheets", e.message.lines.first.strip)
    ""
  end
end
Jekyll::Converters::Scss.prepend(ForgivingSass)

# A placeholder that a dropped plugin would have given is left out of the URL.
module ForgivingUrl
  def generate_url_from_drop(template)
    super
  rescue NoMethodError => e
    raise unless (key = e.message[/doesn't have (\w+) keys/, 1])
    did_without("placeholders", key)
    super(template.gsub(":#{key}", ""))
  end
end
Jekyll::URL.prepend(ForgivingUrl)

# The pages whose content is not what Jekyll would have made.
FAILED = Set.new

# A page that fails the build is empty, and named, so that the rest can be seen.
module ForgivingRenderer
  def render_liquid(content, payload, info, path = nil)
    super
  rescue StandardError => e
    FAILED << document.relative_path.delete_prefix("/").delete_suffix("/#excerpt")
    did_without("failed", "#{document.relative_path}: #{e.message.lines.first.strip}")
    ""
  end
end
Jekyll::Renderer.prepend(ForgivingRenderer)

# A tag that nothing here defines prints nothing, or what it encloses.
module ForgivingTags
  class Silent < Liquid::Tag; end
  class Transparent < Liquid::Block; end

  class << self
    attr_accessor :source

    # The names that some file of the site closes: `{% endNAME %}`.
    def closed
      @closed ||= Dir.glob("#{source}/**/*.{md,markdown,html,xml}").select { |f| File.file?(f) }
        .flat_map { |f| File.read(f, :encoding => "utf-8").scrub.scan(/\{%-?\s*end(\w+)/) }.flatten.to_set
    end
  end

  def [](name)
    known = super
    return known if known || name.start_with?("end") || %w(else elsif when).include?(name)
    did_without("tags", name)
    ForgivingTags.closed.include?(name) ? Transparent : Silent
  end
end
Liquid::Template.tags.singleton_class.prepend(ForgivingTags)

# The content of each item before its layout, by item.
OWN = {}.compare_by_identity
Jekyll::Hooks.register([:pages, :documents], :post_convert) { |item| OWN[item] = item.content.dup }

# The plugins of the Gemfile's group :jekyll_plugins, read and not run, and whether GitHub Pages builds the site.
def gemfile_plugins(source)
  path = File.join(source, "Gemfile")
  return [[], false] unless File.file?(path)
  inside = false
  names = []
  all = []
  File.foreach(path, :encoding => "utf-8") do |line|
    line = line.sub(/(^|\s)#.*/, "")
    inside = true if line =~ /^\s*group\b.*:jekyll_plugins.*\bdo\b/
    inside = false if line =~ /^\s*end\b/
    next unless (gem = line[/^\s*gem\s*\(?\s*["']([\w-]+)["']/, 1])
    all << gem
    names << gem if inside || line =~ /group.*:jekyll_plugins/
  end
  [names - ["github-pages"], all.include?("github-pages")]
end

def configuration(source, workplace)
  config = Jekyll.configuration(
    "source" => source, "destination" => File.join(workplace, "site"), "cache_dir" => File.join(workplace, "cache"),
    "disable_disk_cache" => true, "incremental" => false, "safe" => true, "time" => NOW, "quiet" => true
  )
  from_gemfile, github_pages = gemfile_plugins(source)
  named = Array(config["plugins"]) | Array(config["gems"]) | from_gemfile
  named |= GITHUB_PAGES if github_pages
  here, missing = named.partition { |name| !NETWORK.include?(name) && Gem::Specification.find_all_by_name(name).any? }
  missing.each { |name| did_without("plugins", name) }
  stand_in_for_coffeescript if missing.include?("jekyll-coffeescript")
  config["plugins"] = config["whitelist"] = here
  config["future"] = true if github_pages && !YAML.load_file(File.join(source, "_config.yml")).key?("future")
  config["gist"] = { "noscript" => false } # else it asks the network
  theme = config["theme"]
  if theme && Gem::Specification.find_all_by_name(theme.to_s).empty?
    did_without("themes", theme)
    config.delete("theme")
  end
  did_without("themes", config["remote_theme"]) if config["remote_theme"]
  Dir.glob("#{source}/_plugins/**/*.rb").sort.each { |f| did_without("own_plugins", f.delete_prefix("#{source}/")) }
  [config, github_pages]
end

# The tree of a document, or of a piece of one.
def tree(html)
  whole = html.match?(/<(?:!doctype|html|body)\b/i)
  Nokogiri::HTML5.public_send(whole ? :parse : :fragment, html, :max_errors => 0, :max_tree_depth => -1, :max_attributes => -1)
end

# The ids and the names of <a> in a tree, or what else is selected.
def anchors_in(tree, select = "[id], a[name]")
  tree.css(select).flat_map { |n| [n["id"], (n["name"] if select != "[id]" && n.name == "a")] }.compact.reject(&:empty?).uniq
end

# The built site, as a static server like that of GitHub Pages shows it.
class Server
  def initialize(folder)
    @folder = folder
    @outputs = Dir.glob("**/*", File::FNM_DOTMATCH, :base => folder).select { |f| File.file?(File.join(folder, f)) }.to_set
    @anchors = {}
  end
  attr_reader :outputs

  # The output that answers for a decoded path below the base URL, or nil.
  def answer(path)
    path = path.squeeze("/").delete_prefix("/")
    candidates = path.empty? || path.end_with?("/") ? ["#{path}index.html"] : [path, "#{path}.html", "#{path}/index.html"]
    candidates.find { |c| @outputs.include?(c) }
  end

  def html?(output) = output.match?(/\.x?html?\z/)

  def text(output) = File.read(File.join(@folder, output), :encoding => "utf-8").scrub

  def redirect?(output) = text(output).match?(/http-equiv=["']?refresh/i)

  # Every id and every name of an <a> in an output.
  def anchors(output) = @anchors[output] ||= anchors_in(tree(text(output)))
end

# A placeholder that a script of the page fills, or a fragment that one reads.
SCRIPTED = %r!\{\{|#[\!/]|#[\w-]+=!.freeze

# What may be a reference or an anchor in a text of HTML.
VALUE = /\s(?:href|src|srcset|poster)\s*=\s*("[^"]*"|'[^']*'|[^"'\s][^\s>]*)/i.freeze
ANCHOR = /\s(?:id|name)\s*=\s*["']?([^"'\s>]+)/i.freeze
IMAGE_TAGS = %w(img source video audio track input image).freeze

# Every reference of a tree as [kind, value].
def references(tree)
  tree.css("[href],[src],[srcset],[poster]").flat_map do |node|
    next [] if node.name == "link" && node["rel"].to_s.match?(/preconnect|dns-prefetch/)
    next [] if node.name == "base"
    values = [node["href"], node["src"], node["poster"]].compact
    values += node["srcset"].split(/,\s+|,\z/).map { |c| c.strip.split(/\s+/).first } if node["srcset"]
    values.compact.map { |v| [IMAGE_TAGS.include?(node.name) ? "image" : "link", v] }
  end
end

def decode(text)
  text.gsub(/(?:%\h\h)+/) { |m| [m.delete("%")].pack("H*") }.force_encoding("utf-8")
end

# Resolves references as a browser on one page of the served site would.
class Browser
  def initialize(site, server)
    @server = server
    @visited = {}
    @host = site.config["url"].to_s[%r!\Ahttps?://([^/]+)!i, 1]
    @base = site.config["baseurl"].to_s.chomp("/")
    @base = "/#{@base}" unless @base.empty? || @base.start_with?("/")
  end
  attr_reader :base

  # [kind of fault or nil, why, output that answered]; nil for what leads to another host or is no HTTP reference.
  def visit(kind, value, page_url, own_output)
    key = [kind, value, (page_url unless value.start_with?("/", "http"))]
    @visited.fetch(key) { @visited[key] = look(kind, value, page_url, own_output) }
  end

  private

  def look(kind, value, page_url, own_output)
    ref = value.gsub(/[\t\n\r]/, "").strip
    return nil if ref.match?(/\A(?!https?:)[a-z][a-z0-9+.-]*:/i)
    ref = ref.sub(/\Ahttps?:(?!\/\/)/i, "")
    ref = ref.tr("\\", "/") unless ref.include?("#") || ref.include?("?")
    absolute = false
    if ref =~ %r!\A(?:https?:)?//([^/?#]*)(.*)\z!im
      return nil unless @host && Regexp.last_match(1).casecmp?(@host)
      ref = Regexp.last_match(2)
      ref = "/#{ref}" unless ref.start_with?("/")
      absolute = true
    end
    rest, _, fragment = ref.partition("#")
    has_fragment = ref.include?("#")
    path = rest.sub(/\?.*\z/m, "")
    if rest.empty? && !absolute
      output = own_output
    else
      path = page_url.sub(%r![^/]*\z!, "") + path unless path.start_with?("/") || path.empty?
      path = page_url if path.empty?
      path = decode(remove_dots(path))
      unless @base.empty?
        unless path == @base || path.start_with?("#{@base}/")
          return ["outside", "dependent", nil] if absolute || !@server.answer(path)
          return ["outside", "true", nil]
        end
        path = path.delete_prefix(@base)
      end
      output = @server.answer(path)
      return [kind, "no such output: #{path}", nil] unless output
    end
    return [nil, nil, output] if !has_fragment || fragment.empty? || fragment.downcase == "top" || !@server.html?(output)
    fragment = fragment.sub(/:~:.*\z/m, "")
    names = @server.anchors(output)
    return [nil, nil, output] if fragment.empty? || names.include?(fragment) || names.include?(decode(fragment))
    return ["anchor", "behind a redirect", output] if @server.redirect?(output)
    ["anchor", "no such anchor in #{output}", output]
  end

  def remove_dots(path)
    out = []
    segments = path.split("/", -1).drop(1)
    segments.each_with_index do |s, i|
      case s.gsub(/%2e/i, ".")
      when "." then out << "" if i == segments.size - 1
      when ".."
        out.pop
        out << "" if i == segments.size - 1
      else out << s
      end
    end
    "/#{out.join("/")}"
  end
end

# Finds where a value that the build shows was written.
class Writer
  def initialize(source, config)
    @url = config["url"].to_s.chomp("/")
    @base = config["baseurl"].to_s.chomp("/")
    @source = source
    @parts = {}
    @patterns = {}
  end

  # [place, lines]: place is "frontmatter" or "body"; nil when the value as such does not stand there.
  #
  # `front` looks into the front matter alone. There, only what looks like a reference counts: a name that a template
  # makes a URL of (an author, a category) is no reference.
  def place(path, value, target_source, front)
    head, body = parts(path)
    patterns(value, target_source).each do |written, pattern|
      found = front ? [] : lines(body, pattern)
      return ["body", found.map { |n| n + head.lines.size }] unless found.empty?
      found = written.match?(%r![/.#]!) ? lines(head, pattern) : []
      return ["frontmatter", found] unless found.empty?
    end
    found = front ? [] : templates(body, value)
    ["body", found.map { |n| n + head.lines.size }] unless found.empty?
  end

  private

  def parts(path)
    @parts[path] ||= begin
      text = File.read(File.join(@source, path), :encoding => "utf-8").scrub
      head = text[/\A\uFEFF?---[ \t]*\r?\n.*?^(?:---|\.\.\.)[ \t]*\r?(?:\n|\z)/m].to_s
      [head, text.delete_prefix(head)]
    end
  end

  def lines(text, pattern)
    return [] unless text.match?(pattern)
    text.each_line.with_index(1).select { |line, _| line.match?(pattern) }.map(&:last)
  end

  # The lines with a text like `/x-{{ site.version }}.zip` that can become the value.
  def templates(text, value)
    text.each_line.with_index(1).select do |line, _|
      line.scan(/(?:[^\s"'()<>{}]|\{\{.*?\}\})+/).any? do |written|
        literal = written.split(/\{\{.*?\}\}/, -1)
        literal.size > 1 && literal.join.size > 3 && value.match?(/\A#{literal.map { |l| Regexp.escape(l) }.join(".*")}\z/m)
      end
    end.map(&:last)
  end

  TOKEN = "[\\w/.%#?=&~-]"

  # [what was written, how to find it], the likeliest first.
  def patterns(value, target_source)
    @patterns[[value, target_source]] ||= spellings(value.strip, target_source)
  end

  def spellings(value, target_source)
    wholes = [value, value.delete_prefix(@url), value.delete_prefix(@url).delete_prefix(@base), value.delete_prefix(@base)]
    wholes += wholes.map { |v| decode(v) }
    wholes += wholes.map { |v| v.gsub("&", "&amp;") }
    wholes = wholes.uniq.reject { |v| v.empty? || v == "/" }
    found = wholes.map { |v| [v, /(?<!#{TOKEN})#{Regexp.escape(v)}(?!#{TOKEN})/] }
    if target_source && value.include?("#")
      found << [value, /#{Regexp.escape(File.basename(target_source))}#{Regexp.escape(value[/#.*/m])}(?!#{TOKEN})/]
    end
    # A head made by Liquid, or a parameter of an include: the longest tail that stands behind one.
    wholes.each do |v|
      (1..(v.size - 3)).each do |k|
        next unless "/#?".include?(v[k]) || v[k - 1] == "/"
        found << [v[k..-1], /[}"'=:]\s*#{Regexp.escape(v[k..-1])}(?!#{TOKEN})/]
      end
    end
    found
  end
end

def record(site, github_pages, submodules)
  source = site.source
  server = Server.new(site.dest)
  browser = Browser.new(site, server)
  writer = Writer.new(source, site.config)
  relative = ->(path) { path.delete_prefix("#{source}/") }
  output_of = ->(item) { item.destination(site.dest).delete_prefix("#{site.dest}/") }
  rows = []
  unwritten = []
  generated = []
  pages = []
  add = lambda do |item, path, kind|
    if item.write?
      rows << [path, item.url, output_of.(item), kind]
      pages << [item, path, kind] unless kind == "static"
    else
      unwritten << path
    end
  end
  site.pages.each do |page|
    path = page.instance_variable_get(:@path) || page.path
    if page.instance_of?(Jekyll::Page) && path.to_s.start_with?("#{source}/") && File.file?(path)
      add.(page, relative.(path), "page")
    else
      generated << [page.url, output_of.(page), page.class.to_s] rescue generated << [nil, nil, page.class.to_s]
    end
  end
  site.collections.each_value do |collection|
    kind = collection.label == "posts" ? "post" : "document"
    collection.docs.each { |doc| add.(doc, relative.(doc.path), doc.draft? ? "draft" : kind) }
  end
  (site.static_files + site.collections.values.flat_map(&:files)).uniq.each do |file|
    if file.path.start_with?("#{source}/") then add.(file, relative.(file.path), "static")
    else generated << [file.url, output_of.(file), "theme"] end
  end
  source_of = rows.to_h { |path, _, output, _| [output, path] }

  ids = {}
  other_anchors = {}
  broken = {}
  sound = Set.new
  counted = 0
  judge = lambda do |path, kind, item, list, own|
    own_output = output_of.(item)
    list.each do |ref_kind, value|
      fault, why, output = browser.visit(ref_kind, value, browser.base + item.url, own_output)
      counted += 1 if own && (fault || output)
      sound << value if !fault && value.start_with?("/", "http")
      next unless fault
      verdict = "true"
      verdict, why = why, "root-absolute without the base URL" if fault == "outside"
      hidden = why == "behind a redirect" || submodules.any? { |folder| value.include?(folder) }
      verdict = "false" if value.match?(SCRIPTED)
      verdict = "dependent" if hidden || DROPPED.key?("own_plugins")
      fault = ref_kind if fault == "outside"
      where, lines = writer.place(path, value, source_of[output], !own)
      key = [where || own ? path : nil, value, fault]
      broken[key] ||= {
        "source" => path, "line" => lines&.first, "line_ok" => lines || [], "value" => value, "kind" => fault,
        "verdict" => verdict, "why" => why, "authored" => where || (own ? "computed" : "layout"), "source_kind" => kind
      }
    end
  end
  pages.each do |item, path, kind|
    next unless server.html?(output_of.(item))
    own = OWN[item]
    next if own.nil? || FAILED.include?(path)
    content = tree(own)
    ids[path] ||= anchors_in(content, "[id]").sort
    other_anchors[path] ||= ((anchors_in(content) | item.output.scan(ANCHOR).flatten) - ids[path]).sort
    mine = references(content)
    judge.(path, kind, item, mine, true)
    # Most of what layouts add is the same on every page, and good: a page that shows nothing else is not parsed again.
    known = mine.to_set(&:last)
    next if item.output.scan(VALUE).all? { |quoted| known.include?(quoted[0][1..-2]) || sound.include?(quoted[0][1..-2]) }
    left = mine.tally
    added = references(tree(item.output)).reject { |r| (left[r] ||= 0).positive? && (left[r] -= 1) }
    judge.(path, kind, item, added, false)
  end

  rows.each do |path, _, output, kind|
    ids[path] = anchors_in(tree(server.text(output)), "[id]").sort if kind == "static" && server.html?(output)
  end

  {
    "jekyll" => Jekyll::VERSION, "github_pages" => github_pages, "plugins" => site.config["plugins"], "dropped" => DROPPED,
    "urls" => rows.sort_by { |r| [r[0], r[1].to_s] }, "unwritten" => unwritten.sort, "generated" => generated.uniq.sort_by(&:to_s),
    "references" => counted, "ids" => ids.sort.to_h,
    "other_anchors" => other_anchors.reject { |_, names| names.empty? }.sort.to_h,
    "broken" => broken.values.sort_by { |row| [row["source"], row["line"] || 0, row["value"]] }
  }
end

# Lays verdicts made by hand over the rows: each is [regexp on the source, regexp on the value, verdict, why].
def overrule(recording, verdicts)
  recording["broken"].each do |row|
    rule = verdicts.find { |source, value, _, _| row["source"].match?(source) && row["value"].match?(value) }
    row["verdict"], row["why"] = rule[2], rule[3] if rule
  end
end

options = { "submodules" => [] }
OptionParser.new do |o|
  o.on("--out FILE") { |v| options["out"] = File.expand_path(v) }
  o.on("--name NAME") { |v| options["name"] = v }
  o.on("--repository NAME") { |v| options["repository"] = v }
  o.on("--commit SHA") { |v| options["commit"] = v }
  o.on("--folder FOLDER") { |v| options["folder"] = v }
  o.on("--submodules LIST", Array) { |v| options["submodules"] = v }
  o.on("--verdicts FILE") { |v| options["verdicts"] = File.expand_path(v) }
end.parse!
source = File.realpath(ARGV.fetch(0))
Jekyll.logger.log_level = :error
Dir.mktmpdir do |workplace|
  Dir.chdir(source)
  config, github_pages = configuration(source, File.realpath(workplace))
  ForgivingTags.source = source
  site = Jekyll::Site.new(config)
  site.process
  head = { "site" => options["name"] || File.basename(source) }.merge(options.slice("repository", "commit", "folder"))
  recording = head.merge(record(site, github_pages, options["submodules"]))
  overrule(recording, JSON.parse(File.read(options["verdicts"]))) if options["verdicts"]
  File.write(options.fetch("out"), JSON.pretty_generate(recording) + "\n")
end
