using System.Text.Json;

namespace EchoRate.Reports.Csv;

/// <summary>The one place where enum members become the words of the CSV files: <c>NotSingleToken</c> is <c>not_single_token</c>.</summary>
public static class EnumWords
{
    /// <summary>The word of a member.</summary>
    public static string Of<TEnum>(TEnum member)
        where TEnum : struct, Enum => Table<TEnum>.Words[member];

    private static class Table<TEnum>
        where TEnum : struct, Enum
    {
        public static readonly Dictionary<TEnum, string> Words = Enum.GetValues<TEnum>()
            .ToDictionary(
                member => member,
                member => JsonNamingPolicy.SnakeCaseLower.ConvertName(member.ToString())
            );
    }
}
