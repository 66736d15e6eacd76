# SPDX-License-Identifier: MIT
# A Redmine of its own: an empty database, one project, one member, REST on; then it answers at a port of its choice.
require File.expand_path('config/environment', Dir.pwd)
ActiveRecord::Migration.verbose = false
ActiveRecord::Base.connection.migration_context.migrate
ActiveRecord::Base.descendants.each(&:reset_column_information)
Redmine::DefaultData::Loader.load('en')
Setting.rest_api_enabled = '1'
Setting.host_name = 'localhost'
admin = User.find_by(login: 'admin')
ada = User.new(firstname: 'Ada', lastname: 'Lovelace', mail: 'ada@example.org', language: 'en')
ada.login = 'ada'
ada.password = ada.password_confirmation = SecureRandom.hex
ada.save!
project = Project.create!(name: 'Shop', identifier: 'shop', trackers: Tracker.all, enabled_module_names: ['issue_tracking'])
Member.create!(project: project, principal: ada, roles: [Role.givable.first])
require 'rack/handler/webrick'
Rack::Handler::WEBrick.run(Rails.application, Host: '127.0.0.1', Port: 0, AccessLog: [], Logger: WEBrick::Log.new(File::NULL)) do |server|
  puts "#{server.listeners.first.addr[1]} #{admin.api_key}"
  $stdout.flush
end
