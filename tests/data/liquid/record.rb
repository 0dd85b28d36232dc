# Records what real Jekyll makes of the templates in templates.txt, in rows.json, and of the URLs in site.json, in urls.json.
# Needs the gems jekyll (4.3) and jekyll-include-cache. One template a line, ⏎ for a newline; `#` lines and empty ones are skipped.
# A line that starts with `!` is one where Liquid 5, which Debian's Jekyll runs, differs from Liquid 4, which Jekyll asks for:
# `! template ⇒ what Liquid 4.0.4 puts out`.
# frozen_string_literal: true

require "jekyll"
require "jekyll-include-cache"
require "json"
require "tmpdir"

SITE = JSON.parse(File.read(File.join(__dir__, "site.json")))
Jekyll.logger.log_level = :error

def record(site, template)
  parsed = begin
    Liquid::Template.parse(template)
  rescue StandardError, SyntaxError => e
    return { "problem" => e.message.lines.first.to_s.strip }
  end
  page = { "path" => "index.md" }.merge(SITE["variables"]["page"])
  info = { :registers => { :site => site, :page => page }, :strict_filters => false, :strict_variables => false }
  { "output" => parsed.render!(Marshal.load(Marshal.dump(SITE["variables"])), info) }
rescue StandardError, SystemStackError => e
  { "failure" => e.message.lines.first.to_s.strip }
end

Dir.mktmpdir do |source|
  SITE["files"].each do |name, text|
    path = File.join(source, name)
    FileUtils.mkdir_p(File.dirname(path))
    File.write(path, text)
  end
  site = Jekyll::Site.new(Jekyll.configuration(SITE["config"].merge("source" => source, "quiet" => true, "disable_disk_cache" => true)))
  site.read
  lines = File.readlines(File.join(__dir__, "templates.txt"), :chomp => true)
  rows = lines.reject { |line| line.empty? || line.start_with?("# ") }.map do |line|
    template, upstream = line.delete_prefix("! ").split(" ⇒ ", 2)
    template = template.gsub("⏎", "\n")
    row = upstream ? { "output" => upstream } : record(site, template)
    JSON.generate({ "template" => template }.merge(row)).gsub(source, "SOURCE")
  end
  File.write(File.join(__dir__, "rows.json"), "[\n#{rows.join(",\n")}\n]\n")
end

def urls(config)
  site = Jekyll::Site.new(Jekyll.configuration({ "quiet" => true, "disable_disk_cache" => true }.merge(config)))
  rows = SITE["urls"]["inputs"].map do |input|
    filtered = %w(relative_url absolute_url strip_index).map do |filter|
      Liquid::Template.parse("{{ input | #{filter} }}").render!({ "input" => input }, { :registers => { :site => site } })
    rescue StandardError
      nil
    end
    JSON.generate([input, *filtered])
  end
  "{\"config\": #{JSON.generate(config)}, \"rows\": [\n  #{rows.join(",\n  ")}\n]}"
end

tables = SITE["urls"]["configs"].map { |config| urls(config) }
File.write(File.join(__dir__, "urls.json"), "[\n#{tables.join(",\n")}\n]\n")
