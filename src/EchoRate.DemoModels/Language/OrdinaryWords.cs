namespace EchoRate.DemoModels.Language;

/// <summary>Everyday English words that fill the demo vocabularies, so that a sample of 500 has something to draw from.</summary>
internal static class OrdinaryWords
{
    private const string Text = """
        a about above across act add after again age ago air all almost alone along already also always among amount
        an ancient and animal another answer any apple apply area argue arm army around arrive art as ask at attack aunt author autumn away
        baby back bad bag bake ball banana band bank bar barn base basket bath be beach bear beat beautiful became because become bed bee been before
        began begin behind believe bell belong below bench beside best better between beyond bicycle big bill bird birth bit bite bitter black blanket
        blood blow board boat body bone book border born both bottle bottom bowl box boy brain branch brave bread break breakfast breath brick bridge bright bring
        broad broke brother brought brown brush build burn bus bush business busy but butter button buy by
        cabin cake call calm came camera camp can candle cap captain car card care carry case castle cat catch caught cause cave cell center century chain chair
        chance change chapter charge cheap check cheese chest chicken chief child children choice choose church circle city class clay clean clear clever climb clock
        close cloth cloud club coach coal coast coat coffee coin cold collect college color column come common company complete contain continue control cook cool copper
        copy corn corner correct cost cotton could count country couple course court cousin cover cow cream create crop cross crowd cry culture cup current curtain curve custom cut
        damage dance danger dark date daughter day dead deal dear death decide deep deer degree deliver depend desert design desk detail develop did die different difficult
        dinner direct dirt discover dish distance divide do dog dollar done door double doubt down dozen draw dream dress drink drive drop dry duck during dust duty
        each eager ear early earn earth east easy eat edge effect effort egg eight either electric else empty end enemy energy engine enjoy enough enter equal escape
        even evening event ever every evil exact example except excite exercise expect explain eye
        face fact factory fail fair fall family famous far farm farmer fast father favor fear feather feed feel feet fell felt fence few field fight figure
        fill film final find fine finger finish fire first fish fit five flag flame flat flew float floor flour flow flower fly follow food fool foot for force foreign
        forest forget form fort forward found four fox frame free fresh friend from front fruit full fun funny future
        gain game garden gas gate gather gave general gentle get giant gift girl give glad glass go goat god gold gone good got govern grain grand grass gray great
        grew ground group grow guard guess guest guide gun
        habit had hair half hall hammer hand handle hang happen harbor hard has hat hate have he head health hear heard heart heat heavy held help her here high hill
        him his history hit hold hole holiday home honest hope horse hospital hot hotel hour house how huge human hundred hungry hunt hurry hurt husband
        ice idea if image imagine important in inch include indeed industry insect inside instead interest into invent iron is island it its
        job join joke journey joy judge juice just
        keep kept key kick kill kind king kitchen knee knew knife knock know
        ladder lady lake lamp land language large last late laugh law lay lazy lead leaf learn least leather leave left leg lemon length less lesson let letter level library
        lie life lift light like limit line lion lip list listen little live loan local lock long look lord lose loss lost lot loud love low luck lunch
        machine made magic mail main make man many map mark market marry mass master match material matter may maybe me meadow meal mean measure meat medicine meet melody melt
        member memory men mental metal method middle might mile milk mill mind mine minute mirror miss mix model modern moment money monkey month moon more morning most mother
        motion mountain mouse mouth move much mud music must my
        nail name narrow nation nature near neat neck need needle neighbor neither nest never new news next night nine no noise none noon nor north nose not note nothing
        notice now number
        oak object ocean of off offer office officer often oil old on once one onion only open opinion opposite or orange order other our out outside over own
        page pain paint pair palace paper parent park part party pass past path pattern pay peace pen pencil people pepper perfect perhaps period person phrase piano pick picture
        piece pig pink pipe pity place plain plan plane planet plant plate play please plenty pocket poem point poison police polite pond pool poor popular position possible pot potato pound
        pour powder power practice prepare present press pretty price pride prince print prison prize problem produce promise proper protect proud prove public pull pump pure purple push put
        quality quarter queen question quick quiet quite
        rabbit race radio rain raise ran range rate rather raw reach read ready real reason receive record region regular remember repair repeat reply report rest result return ribbon rice rich
        ride right ring rise river road rock roll roof room root rope rose rough round route row royal rubber rule rush
        safe said sail salt same sand sat save saw say scale scarf school science scissors sea seal search season seat second secret see seed seem sell send sense sent sentence separate serious
        serve set settle seven several shade shadow shake shall shape share sharp she sheep sheet shelf shell shine ship shirt shoe shop shore short should shoulder shout show shut
        sick side sign silent silk silver simple since sing single sister sit six size skill skin sky sleep slip slow small smell smile smoke smooth snake snow so soap society sock
        soft soil soldier solve some son song soon sorry sort soul sound soup south space speak special speech speed spell spend spoon sport spread spring square stage stairs stand star
        start state station stay steal steam steel steep stem step stick still stomach stone stood stop store storm story strange stream street stretch string strong student study such sudden
        sugar suggest suit summer sun supper supply support sure surface surprise sweet swim sword system
        table tail take talk tall taste tax tea teach team tell ten tent term test than thank thanked that the their them then there these they thick thin thing think third this those though thought
        thousand thread three through throw thumb thunder ticket tie tiger tight till time tiny tip tire to today together told tomorrow tongue too tool tooth top total touch toward tower town toy
        trade train travel tree tribe trick trip trouble true trunk trust try tube turn twelve twenty twice two type
        umbrella uncle under understand unit until up upon us use usual
        valley value vegetable very victory view village violin visit voice vowel voyage
        wagon wait walked wall want war warm was wash waste watch water wave way we weak wealth wear weather week weigh welcome well went were west wet what wheat wheel when where whether which while whisper white
        who whole whose why wide wife wild will win wind window wine wing winter wire wise wish with within without woman wonder wood wool word work world worry worth would wound write wrong wrote
        yard year yellow yes yesterday yet you young your
        zebra zero
        Monday Tuesday Wednesday Thursday Friday Saturday Sunday April May June July August September October November December
        Germany Greece Norway Sweden Portugal Berlin Madrid Vienna Dublin Lisbon Peter Anna Robert Alice Thomas Laura She He They It We The
        """;

    /// <summary>The words, each with its leading space, in the order above.</summary>
    internal static IReadOnlyList<string> All { get; } =
    [
        .. Text.Split(
                (char[]?)null,
                StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
            )
            .Select(word => " " + word),
    ];
}
