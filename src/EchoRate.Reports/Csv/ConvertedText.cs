using System.Text;
using System.Text.RegularExpressions;

namespace EchoRate.Reports.Csv;

/// <summary>
/// Text that Excel or LibreOffice takes for something else when it opens a CSV file, quoted or not, and shows as another text: numbers (00123, 1e5),
/// dates and fractions (12/3, 2-3, 1.5 where a point separates day and month, MARCH1), times, percentages, currencies, truth and error values.
/// In any country's notation, since nobody knows where the file will be opened: rather one text too many than one that is bent.
/// </summary>
public static partial class ConvertedText
{
    // Excel reads no number from a longer cell.
    private const int MostChars = 255;

    private const string Currency =
        @"(?:\p{Sc}|(?:US|CA|A|NZ|HK|R)\$|EUR|USD|GBP|CHF|JPY|CNY|INR|Fr\.?|kr\.?|zł|Kč|Ft|lei|Rs\.?|руб\.?)";

    // A number as anybody groups it; digits of any script.
    private const string Number = @"\d[\d.,'’ \u00a0\u202f]*";

    // English, German, French, Spanish, Italian, Portuguese and Dutch, in full and as abbreviated there.
    private const string Month =
        "(?:jan(?:uary?|vier|uar|eiro|uari)?|jän(?:ner)?|ene(?:ro)?|gen(?:naio)?|janv|feb(?:ruary?|ruar|rero|braio|ruari)?|fév(?:rier|r)?|févr|fev(?:ereiro)?|"
        + "mar(?:ch|s|zo|ço|t)?|mär(?:z)?|mrz|mrt|maart|apr(?:il|ile)?|avr(?:il)?|abr(?:il)?|may|mai|mayo|mag(?:gio)?|maio|mei|june?|juni|juin|junio|giu(?:gno)?|junho|"
        + "july?|juli|juil(?:let)?|julio|lug(?:lio)?|julho|aug(?:ust|ustus)?|août|ago(?:sto)?|sept?(?:ember|embre|iembre)?|set(?:tembre|embro)?|o[ck]t(?:ober|obre|ubre)?|"
        + "ott(?:obre)?|out(?:ubro)?|nov(?:ember|embre|iembre|embro)?|de[czs](?:ember|embre|embro)?|déc(?:embre)?|dic(?:iembre|embre)?)";

    private const string Time =
        @"\d{1,4}(?::\d{1,2}){1,2}(?:[.,]\d+)?(?:\s*[ap]\.?m?\.?)?|\d{1,2}\s*[ap]\.?(?:m\.?)?";
    private const string Date =
        @"\d{1,4}\s?[./\-]\s?\d{1,4}(?:\s?[./\-]\s?\d{1,4})?\.?|\d{1,4}[年/\-.]?\d{0,2}月(?:\d{1,2}日)?|\d{4}年";

    private const string Months =
        @"(?:\d{1,4}[\s./,\-]*)?"
        + Month
        + @"\.?[\s./,\-]*\d{1,4}(?:[\s./,\-]+\d{1,4})?|\d{1,4}[\s./,\-]*"
        + Month
        + @"\.?";

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _words =
        new HashSet<string>(
            (
                "TRUE FALSE WAHR FALSCH VRAI FAUX VERDADERO FALSO VERO VERDADEIRO WAAR ONWAAR PRAWDA FAŁSZ SANT FALSKT SAND FALSK ИСТИНА ЛОЖЬ "
                + "NAN INF INFINITY #N/A #NAME? #NULL! #NUM! #REF! #VALUE! #DIV/0! #NV #WERT! #BEZUG! #ZAHL! #NOM? #VALEUR! #NOMBRE! #ERR!"
            ).Split(' '),
            StringComparer.OrdinalIgnoreCase
        ).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether a spreadsheet would bend it.</summary>
    public static bool IsIt(ReadOnlySpan<char> text)
    {
        // Spaces in front keep nothing from being read as a number.
        var trimmed = text.Trim();
        return trimmed.Length is > 0 and <= MostChars
            && (
                _words.Contains(trimmed) || (trimmed.ContainsAnyDigit() && Forms().IsMatch(trimmed))
            );
    }

    /// <inheritdoc cref="IsIt(ReadOnlySpan{char})" />
    public static bool IsIt(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MostChars * 4)
        {
            return false;
        }
        Span<char> text = stackalloc char[MostChars * 4];
        return Encoding.UTF8.TryGetChars(utf8, text, out var length) && IsIt(text[..length]);
    }

    private static bool ContainsAnyDigit(this ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (char.IsDigit(c))
            {
                return true;
            }
        }
        return false;
    }

    [GeneratedRegex(
        @"^(?:"
            // Signs, brackets, currency and per cent about a number; an exponent behind it.
            + @"(?:[(+\-\s]|"
            + Currency
            + @")*[.,]?"
            + Number
            + @"(?:[ed]\s?[+\-]?\s?\d+)?(?:[)%\-\s]|"
            + Currency
            + @")*"
            + @"|[+\-]?\d+\s+\d+/\d+"
            + "|"
            + Months
            + @"|(?:"
            + Date
            + "|"
            + Months
            + @")?[\sT,]*(?:"
            + Time
            + @")?(?:Z|[+\-]\d\d:?\d\d)?"
            + @")\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Forms();
}
