"""A page with every component, on sample data, without a database: for tests and for looking at."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.template import RequestContext, Template
from django.test import RequestFactory
from django.utils import translation

from plenum.periods import Lens, Period
from plenum.site.context import DOORS

SOURCE = Path(__file__).with_name("gallery.html")

SAYS = {
    "vi": {
        "title": "Bảng theo dõi",
        "sentence": "Bốn trong bảy chỉ tiêu đạt hoặc vượt, một chỉ tiêu có nguy cơ, một chỉ tiêu không đạt.",
        "late": "Ba đơn vị chưa nộp báo cáo",
        "targets": "Chỉ tiêu",
        "basis": "Theo Nghị quyết năm 2023",
        "target": "Chỉ tiêu",
        "result": "Kết quả",
        "plan": "Kế hoạch",
        "progress": "Tiến độ",
        "change": "So với 2022",
        "months": "12 tháng",
        "verdict": "Đánh giá",
        "total": "Tổng số",
        "contradiction": "Số liệu không khớp.",
        "contradiction_text": "Báo cáo ngày 10/01/2024 ghi 113,34%; 2.041 / 1.800 = 113,39%.",
        "source": "Xem nguồn",
        "chart": "Đảng viên mới kết nạp theo tháng",
        "stock": "Tổng số đảng viên",
        "ratio": "Tỷ lệ trưởng thôn, tổ trưởng tổ dân phố là đảng viên",
        "form": "Báo cáo tháng",
        "save": "Lưu bản nháp",
        "cancel": "Hủy",
        "dissolve": "Giải thể",
        "history": "Lịch sử",
        "founded": "Thành lập",
        "renamed": "Đổi tên",
        "dissolved": "Giải thể",
        "tree": "Cây tổ chức",
        "unit": "Đảng bộ huyện Tam Dương",
        "unit_long": "Đảng bộ cơ sở Chi nhánh Ngân hàng Nông nghiệp và Phát triển nông thôn Tam Dương, Vĩnh Phúc II",
        "nothing": "Chưa có văn bản nào",
        "nothing_text": "Nghị quyết, quyết định và kế hoạch hiện ở đây sau khi được đăng ký.",
        "waiting": "Chờ đồng chí",
        "accept": "Duyệt báo cáo quý IV · Tam Kỳ",
        "today": "hôm nay",
        "days": "quá hạn 6 ngày",
        "facts": "Thông tin",
        "names": [
            "Kết nạp đảng viên mới",
            "Nhiệm vụ trọng tâm đã tham mưu",
            "Trưởng thôn, tổ trưởng tổ dân phố là đảng viên",
            "Tổ chức đảng trong doanh nghiệp tư nhân",
            "Chi bộ nhiều năm không kết nạp",
            "Lớp bồi dưỡng nhận thức về Đảng",
            "Cán bộ được đào tạo cao cấp lý luận chính trị",
        ],
        "why": "Dự báo cả năm: từ 1.120 đến 1.310, chỉ tiêu 1.400.",
    },
    "ru": {
        "title": "Сводка",
        "sentence": "Четыре из семи показателей выполнены или перевыполнены, один под угрозой, один не выполнен.",
        "late": "Три организации не представили отчёт",
        "targets": "Плановые показатели",
        "basis": "Резолюция на 2023 год",
        "target": "Показатель",
        "result": "Результат",
        "plan": "План",
        "progress": "Ход выполнения",
        "change": "К 2022 году",
        "months": "12 месяцев",
        "verdict": "Оценка",
        "total": "Итого",
        "contradiction": "Данные расходятся.",
        "contradiction_text": "В отчёте от 10.01.2024 указано 113,34 %; 2 041 / 1 800 = 113,39 %.",
        "source": "Источник",
        "chart": "Принято в партию по месяцам",
        "stock": "Всего членов партии",
        "ratio": "Доля членов партии среди глав деревень и групп населения",
        "form": "Ежемесячный отчёт",
        "save": "Сохранить черновик",
        "cancel": "Отмена",
        "dissolve": "Упразднить",
        "history": "История",
        "founded": "Создана",
        "renamed": "Переименована",
        "dissolved": "Упразднена",
        "tree": "Дерево организации",
        "unit": "Партийная организация уезда Тамзыонг",
        "unit_long": "Низовая партийная организация Управления сельского хозяйства и развития сельских районов "
        "провинции Виньфук",
        "nothing": "Документов пока нет",
        "nothing_text": "Решения, резолюции и планы появятся здесь после регистрации.",
        "waiting": "Ожидает вас",
        "accept": "Принять отчёт за IV квартал · Тамки",
        "today": "сегодня",
        "days": "опоздание: 6 дней",
        "facts": "Сведения",
        "names": [
            "Приём новых членов партии",
            "Выполнение ключевых задач",
            "Главы деревень и групп населения — члены партии",
            "Парторганизации на частных предприятиях",
            "Ячейки без приёма несколько лет подряд",
            "Курсы для кандидатов на вступление в партию",
            "Подготовка кадров по высшей программе политической теории",
        ],
        "why": "Прогноз на год: от 1 120 до 1 310 при плане 1 400.",
    },
}


@dataclass(frozen=True)
class Place:
    """As much of a unit as the frame shows."""

    id: str
    code: str
    name: str
    short: str


class Sample(forms.Form):
    """One field of each sort."""

    admitted = forms.IntegerField(
        label="Kết nạp / принято", help_text="Chỉ số đảng viên chính thức được kết nạp."
    )
    day = forms.DateField(label="Ngày", widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(
        label="Loại", choices=[("a", "Đảng bộ cơ sở"), ("b", "Chi bộ cơ sở")], required=False
    )
    note = forms.CharField(label="Ghi chú", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    sure = forms.BooleanField(label="Tôi đã kiểm tra số liệu")
    schedule = forms.ChoiceField(
        label="Kỳ báo cáo", choices=[("m", "Tháng"), ("q", "Quý")], widget=forms.RadioSelect
    )


def rows(names: list[str], why: str) -> list[dict[str, Any]]:
    """Targets of every verdict, also where lower is better and where nothing is known."""
    shape: list[dict[str, Any]] = [
        {"value": 2041, "target": 1800, "percent": "113.39", "verdict": "exceeded", "change": 186, "flags": ["x"]},
        {"value": 18, "target": 18, "percent": "100.00", "verdict": "met", "change": 0},
        {"value": Fraction(121, 130), "target": 90, "sign": "> ", "percent": "103.42", "verdict": "exceeded",
         "points": Fraction(11, 130)},
        {"value": 732, "target": 1400, "percent": "52.28", "verdict": "at_risk", "change": -12, "low": "80",
         "high": "93.6", "target_illustrative": True, "illustrative": True, "why": why},
        {"value": 63, "target": 40, "sign": "≤ ", "percent": "157.50", "verdict": "missed", "better": "lower",
         "change": -11},
        {"value": 21, "target": 24, "percent": "87.50", "verdict": "on_course", "change": 3, "illustrative": True},
        {"value": None, "target": 54, "percent": None, "verdict": "not_yet_known", "change": None},
    ]  # fmt: skip
    for place, (row, name) in enumerate(zip(shape, names, strict=True)):
        row["name"] = name
        row.setdefault("better", "higher")
        row["values"] = [None if month == 5 else (month * (place + 2)) % 11 + month for month in range(12)]
    return shape


def page(language: str, request: Any = None) -> str:
    """The gallery as HTML, with sample texts in Vietnamese or Russian."""
    says = SAYS[language]
    request = request or RequestFactory().get("/gallery/")
    request.lens = Lens(today=date(2024, 10, 8), as_of=date(2023, 12, 31), known_on=date(2024, 1, 10))
    unit = Place("x", "tam-duong", str(says["unit"]), "Tam Dương")
    months = Period.of_year(2023).months
    form = Sample({"admitted": "hai", "day": "2023-13-01"})
    context = {
        "unit": unit,
        "trail": [Place("w", "vinh-phuc", "Đảng bộ tỉnh Vĩnh Phúc", "Vĩnh Phúc")],
        "doors": [{"label": door.label, "href": "#", "current": door.code == "board"} for door in DOORS],
        "says": says,
        "period": Period.of_year(2023),
        "rows": rows(list(says["names"]), str(says["why"])),
        "flow": [(month, (place * 37) % 90 + 90) for place, month in enumerate(months)],
        "before": [(month, (place * 53) % 70 + 80) for place, month in enumerate(months)],
        "stock": [(month, 6230 + place * 7 if place < 9 else None) for place, month in enumerate(months)],
        "stock_before": [(month, 6150 + place * 5) for place, month in enumerate(months)],
        "ratio": [(month, Fraction(110 + place, 130)) for place, month in enumerate(months)],
        "ninety": 90,
        "steps": [("Nháp", "done"), ("Đã nộp", "current"), ("Đã duyệt", "todo")],
        "form": form,
        "day": date(2023, 7, 1),
        "page": Paginator(list(range(60)), 20).page(2),
        "account": {"name": "Nguyễn Thị Minh Khai", "login": "tam-duong.officer"},
        "acting": {"unit": unit, "choices": [unit, Place("y", "cu-jut", "Đảng bộ huyện Cư Jút", "Cư Jút")]},
        "pinned_day": date(2024, 10, 8),
        "lens": request.lens,
    }
    with translation.override(language):
        template = Template(_compiled(SOURCE.read_text(encoding="utf-8")))
        frame = RequestContext(request)
        frame.push(context)
        return str(template.render(frame))


def _compiled(source: str) -> str:
    from django_cotton.compiler_regex import CottonCompiler

    return str(CottonCompiler().process(source))
