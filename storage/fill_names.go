package storage

import (
	"math/rand/v2"
	"strconv"
	"strings"

	"reeve/core/text"
)

// namer makes names that look like those of a company that works in several countries, each one once.
type namer struct {
	random *rand.Rand
	// used counts how often a name was made; names that were there before count as made.
	used map[string]int
}

func newNamer(random *rand.Rand, there []string) *namer {
	n := &namer{random: random, used: make(map[string]int, len(there))}
	for _, key := range there {
		n.used[key] = 1
	}
	return n
}

// once is name, or name with the first number behind it that makes it new.
func (n *namer) once(name, separator string) string {
	key := text.Fold(name)
	for {
		n.used[key]++
		if n.used[key] == 1 {
			return name
		}
		numbered := name + separator + strconv.Itoa(n.used[key])
		if n.used[text.Fold(numbered)] == 0 {
			n.used[text.Fold(numbered)] = 1
			return numbered
		}
	}
}

func pick[T any](random *rand.Rand, list []T) T { return list[random.IntN(len(list))] }

// spelled is a word in Latin letters and as its owner writes it.
type spelled struct{ latin, own string }

// people are the names of one part of the world.
type people struct {
	family, given []spelled
	// familyFirst writes chen.wei and 陈伟, otherwise m.sato and Maya Weber.
	familyFirst bool
	// joined writes the name without a space.
	joined bool
}

func peoples() []people {
	return []people{
		{spell("chen 陈 wang 王 li 李 zhang 张 liu 刘 yang 杨 huang 黄 zhao 赵 wu 吴 zhou 周 xu 徐 sun 孙 ma 马 zhu 朱 lin 林 guo 郭"),
			spell("wei 伟 fang 芳 na 娜 min 敏 jing 静 lei 磊 yan 艳 yong 勇 jie 杰 tao 涛 ming 明 chao 超 xia 霞 ping 平 hui 辉 ling 玲"), true, true},
		{spell("sato 佐藤 suzuki 鈴木 tanaka 田中 ito 伊藤 yamamoto 山本 kobayashi 小林 kato 加藤 yoshida 吉田 mori 森 abe 安倍"),
			spell("hana 花 ren 蓮 yui 結衣 sora 空 aoi 葵 haru 陽 mei 芽衣 riku 陸 emi 恵美 ken 健"), false, true},
		{spell("kaya Kaya yilmaz Yılmaz weber Weber novak Novák rossi Rossi martin Martin silva Silva jansen Jansen nilsson Nilsson " +
			"kowalski Kowalski horvath Horváth garcia García dubois Dubois oconnor O'Connor mueller Müller popescu Popescu"),
			spell("ayse Ayşe maya Maya jonas Jonas elif Elif luca Luca zoe Zoé ines Inês piotr Piotr freja Freja oskar Oskar nora Nora emre Emre"), false, false},
		{spell("sharma Sharma patel Patel khan Khan nguyen Nguyễn tran Trần lee Lee kim Kim okafor Okafor mensah Mensah haddad Haddad"),
			spell("priya Priya arjun Arjun aisha Aisha linh Linh jin Jin ada Ada kofi Kofi omar Omar leila Leila ravi Ravi"), false, false},
	}
}

// spell reads pairs of words.
func spell(pairs string) []spelled {
	words := strings.Fields(pairs)
	list := make([]spelled, 0, len(words)/2)
	for i := 0; i+1 < len(words); i += 2 {
		list = append(list, spelled{words[i], words[i+1]})
	}
	return list
}

func (n *namer) person(from []people) (name, display string) {
	p := pick(n.random, from)
	family, given := pick(n.random, p.family), pick(n.random, p.given)
	name, display = given.latin[:1]+"."+family.latin, given.own+" "+family.own
	if p.familyFirst {
		name = family.latin + "." + given.latin
	}
	if p.joined {
		display = family.own + given.own
	}
	return n.once(name, ""), display
}

// term is a word of workspace names, in three languages.
type term struct{ code, english, chinese, japanese string }

func domains() []term {
	return []term{
		{"sales", "Sales", "销售", "販売"}, {"risk", "Risk", "风控", "リスク"}, {"finance", "Finance", "财务", "財務"},
		{"marketing", "Marketing", "营销", "マーケティング"}, {"supply", "Supply chain", "供应链", "供給"}, {"hr", "People", "人力", "人事"},
		{"member", "Loyalty", "会员", "会員"}, {"logistics", "Logistics", "物流", "物流"}, {"payment", "Payments", "支付", "決済"},
		{"claims", "Claims", "理赔", "保険金"}, {"iot", "Devices", "物联网", "機器"}, {"energy", "Energy", "能源", "電力"},
		{"store", "Stores", "门店", "店舗"}, {"fraud", "Fraud", "反欺诈", "不正検知"}, {"ads", "Advertising", "广告", "広告"},
	}
}

func layers() []term {
	return []term{
		{"dw", "data warehouse", "数据仓库", "データウェアハウス"}, {"ods", "staging", "贴源层", "ステージング"}, {"mart", "data mart", "数据集市", "データマート"},
		{"bi", "reporting", "报表", "レポート"}, {"lab", "lab", "实验室", "ラボ"}, {"stream", "streaming", "实时计算", "ストリーム"},
		{"ml", "models", "算法模型", "モデル"}, {"quality", "data quality", "数据质量", "品質管理"}, {"archive", "archive", "归档", "アーカイブ"},
	}
}

func (n *namer) workspace(domains, layers []term) (name, display string) {
	d, l := pick(n.random, domains), pick(n.random, layers)
	name = n.once(d.code+"_"+l.code, "_")
	number := strings.TrimPrefix(strings.TrimPrefix(name, d.code+"_"+l.code), "_")
	switch n.random.IntN(10) {
	case 0, 1, 2:
		display = d.chinese + l.chinese
	case 3:
		display = d.japanese + l.japanese
	default:
		display = d.english + " " + l.english
	}
	return name, strings.TrimSpace(display + " " + number)
}

func customRoleNames() []string {
	return []string{"finance_reader", "Data steward", "on_call", "report_author", "auditor", "数据审计", "release_manager", "Intern"}
}
