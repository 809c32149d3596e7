/** The words of finding an incident by its number. */

export const FINDING_WORDS = {
  "zh-CN": {
    "find.label": "按警情编号查找", "find.write": "查编号，如 261123-7K3M9QT", "find.asking": "正在查找…", "find.short": "请至少输入末四位。",
    "find.several": "有 {count} 起未办结警情的编号末尾相同，请输入完整警情编号。", "find.none_open": "未办结的警情里没有以 {number} 结尾的。查已办结的，请输入完整警情编号。",
    "find.none": "没有找到警情编号 {number}。请核对六位日期和后七位字符。", "help.F12": "按警情编号查找（已办结的也能查）",
  },
  en: {
    "find.label": "Find by incident number", "find.write": "Number, e.g. 261123-7K3M9QT", "find.asking": "Looking…", "find.short": "Give the last four signs at least.",
    "find.several": "{count} open incidents end so; give the whole number.", "find.none_open": "No open incident ends in {number}. For a closed one give the whole number.",
    "find.none": "There is no incident {number}. Check the six digits of the day and the seven signs after them.", "help.F12": "Find by incident number, closed ones too",
  },
};
