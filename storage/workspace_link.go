package storage

import (
	"context"
)

// Links are the templates of addresses of modules, by the code of the module.
func (s Workspaces) Links(ctx context.Context) (map[string]string, error) {
	links := map[string]string{}
	err := each(ctx, s.db, "reading the links", func(row scanner) error {
		var module, url string
		err := row.Scan(&module, &url)
		links[module] = url
		return err
	}, "SELECT module, url FROM module_link")
	return links, err
}

// SetLink sets the template of a module, or with an empty one takes it away; had says which there was, empty for none.
func (s Workspaces) SetLink(ctx context.Context, module, url string) (had string, err error) {
	const doing = "setting a link"
	if had, _, err = one(ctx, s.db, doing, value[string], "SELECT url FROM module_link WHERE module = ?", module); err != nil || had == url {
		return had, err
	}
	if url == "" {
		_, err = s.db.exec(ctx, doing, "DELETE FROM module_link WHERE module = ?", module)
		return had, err
	}
	_, err = s.db.exec(ctx, doing, `INSERT INTO module_link (module, url) VALUES (?, ?)
		ON CONFLICT (module) DO UPDATE SET url = excluded.url, version = version + 1`, module, url)
	return had, err
}
