package assets_test

import (
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"reeve/assets"
)

type region struct {
	ID                  string `yaml:"id"`
	English             string `yaml:"en"`
	Chinese             string `yaml:"zh"`
	Area                string `yaml:"area"`
	EnglishConventional bool   `yaml:"en_conventional"`
	ChineseConventional bool   `yaml:"zh_conventional"`
	Listed              string `yaml:"listed"`
	Serverless          *bool  `yaml:"serverless"`
	Extensions          bool   `yaml:"extensions"`
	ModelServices       bool   `yaml:"model_services"`
	OpenLake            bool   `yaml:"openlake"`
	Zone                string `yaml:"zone"`
}

func regions(t *testing.T) map[string]region {
	t.Helper()
	var file struct {
		Regions []region `yaml:"regions"`
	}
	if err := yaml.UnmarshalWithOptions(assets.Regions(), &file, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	byID := map[string]region{}
	for _, r := range file.Regions {
		if _, twice := byID[r.ID]; twice {
			t.Errorf("region %s is listed twice", r.ID)
		}
		byID[r.ID] = r
	}
	return byID
}

func TestRegionsAreWhole(t *testing.T) {
	all := regions(t)
	if len(all) != 30 {
		t.Errorf("%d regions, want 30", len(all))
	}
	extensions, models := 0, 0
	for id, r := range all {
		if zone, err := time.LoadLocation(r.Zone); err != nil || r.Zone == "" || zone == time.Local {
			t.Errorf("region %s has no time zone: %q (%v)", id, r.Zone, err)
		}
		if id == "" || r.English == "" || r.Chinese == "" {
			t.Errorf("region %q has no name: %+v", id, r)
		}
		if r.EnglishConventional && !r.ChineseConventional {
			t.Errorf("region %s has a documented Chinese name but no English one", id)
		}
		switch r.Listed {
		case "", "old", "endpoint", "sdk", "skills":
		default:
			t.Errorf("region %s is listed %q", id, r.Listed)
		}
		if r.Extensions {
			extensions++
		}
		if r.ModelServices {
			models++
		}
	}
	if extensions != 12 || models != 13 {
		t.Errorf("%d regions with extensions and %d with model services, want 12 and 13", extensions, models)
	}
}

func TestRegionsKeepWhatTheirSourcesSay(t *testing.T) {
	all := regions(t)
	no := false
	for _, want := range []region{
		{ID: "cn-hangzhou", English: "China (Hangzhou)", Area: "China East 1", Chinese: "华东1(杭州)", Extensions: true,
			ModelServices: true, OpenLake: true, Zone: "Asia/Shanghai"},
		{ID: "ap-southeast-7", English: "Thailand (Bangkok)", Chinese: "泰国(曼谷)", ChineseConventional: true,
			Serverless: &no, Zone: "Asia/Bangkok"},
		{ID: "ap-south-1", English: "India (Mumbai)", Chinese: "印度(孟买)", Listed: "old", Zone: "Asia/Kolkata"},
		{ID: "cn-qingdao", English: "China (Qingdao)", Chinese: "华北1(青岛)", ChineseConventional: true,
			Listed: "endpoint", Zone: "Asia/Shanghai"},
	} {
		got := all[want.ID]
		if (got.Serverless == nil) != (want.Serverless == nil) || got.Serverless != nil && *got.Serverless != *want.Serverless {
			t.Errorf("region %s: serverless differs", want.ID)
		}
		got.Serverless, want.Serverless = nil, nil
		if got != want {
			t.Errorf("region %+v, want %+v", got, want)
		}
	}
}

func TestEnglishMessagesAreThere(t *testing.T) {
	entries, err := fs.ReadDir(assets.Messages(), "en")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() || !strings.HasSuffix(e.Name(), ".yaml") {
			t.Errorf("en/%s is no message file", e.Name())
		}
	}
	if len(entries) == 0 {
		t.Error("no message files")
	}
}
