/** Sentences without people: capital letters that stand for places, companies, products, headings and code. */
export const sentencesWithoutNames = String.raw`
[I|We|They|She|He] [live in|moved to|work in|flew to|love|visited|drove through|am from|grew up in|will travel to] {place}[.|, {country}.| last {month}.|]
[The|Our|Their] {place} [office|branch|team|store|airport|police|hospital|school|university|factory|plant|warehouse] [is closed on {day}|opens late|opened in {number}|got new furniture|moved]
{place} is [the capital of {country}|cold in {month}|a beautiful city|my favourite place|near {place}|in {country}]
[from|From|in|In|to|near|via|outside|across|through] {place} [to|and|or|,] {place}
[Welcome to|Greetings from|Map of|Weather in|Flights to|Hotels in|Made in|Trip to|Visit|Directions to|Jobs in|Things to do in] {place}
[ship it to|deliver to|the address is|address:|situated on|I live at|office at|send a card to|find us at|my new address is|how do I get to|turn left on|the shop is on|there was an accident on] {street}[, {place}|\n{place}|\n{place}\n{country}|, {place}, {country} {number}|]
{street}\n[Suite|Apt.|Unit|Floor] {number}\n{place}\n{country} {number}
[City|Town|Country|State|Location|Place of birth|Destination|Region|Province|Venue|Branch|Office|Street]: {place}
[The street|The road|The square|The bridge|The park] [is called|is named|in {place} is called] {street}
{streetname} [is closed|was built in {number}|leads to {place}|Station|Shopping Centre]
[Company|Employer|Organization|Supplier|Vendor|Client company|Bank|School|Merchant]: {org}
{org} [announced|reported|acquired|sued|launched|hired|bought|said on {day}|closed its {place} office|is hiring|shares fell|released {product}|is a bank from {place}|has three factories|was founded in {number}]
[I|We|She|He|They] [work at|work for|bought shares of|applied to|ordered from|called|hate|love|quit|joined|sued|bank with] {org}[.| in {place}.| last year.|]
[the|The] [ceo|CEO|board|website|stock|headquarters|app|customer service|logo|owner] of {org} [is|was|changed|]
[Can you recommend|Is it safe to use|How do I contact|What is|Where is|Have you tried|Compare|Uninstall] [{org}|{product}|{org} and {org}|{product} or {product}]?
[I bought|We use|I love|She drives|He prefers|I upgraded to|Selling|Buy|My new|Just got a] {product} [and it broke|every day|in {place}|from {org}|for work|]
[on|On|by|until|before|last|next|every|since] {day} [morning|afternoon|the {number}th|we meet|is a holiday|night|]
[In|in|Since|since|last|Last|By|by|during] {month} [{number}|the prices rose|it rains|we moved to {place}|]
[Happy|Merry] [{day}|New Year|Christmas|Easter|Thanksgiving|Halloween|Birthday|Mothers Day|Diwali|Hanukkah|Eid]
[January|April|May|June|August|March] [is|was|will be] [warm|rainy|my favourite month|the busiest month]
[May I|Will you|Can I|Could you|Would you|Shall we|Do you|Are you|Have you|Should I] [help you|go now|open the {noun}|send the {noun}|cancel my {noun}|see the menu|come in]?
[Mark|Grant|Bill|Chase|Frank|Rich|Will|Drew|Pat|Sue|Rob|Jack|Hope|Grace|Faith|Joy|Rose|Dawn|Summer|Autumn|Penny|Art|Dean|Earnest|Miles|Sandy|Stormy|Pearl|Ruby|Iris|Olive|Ginger|Basil] [it as done|them access|me for the {noun}|is running out|after the storm|will follow|me again|the task|of the day|is in the air]
[We|I] [hope|will|may|mark|grant|bill|chase|rob|sue|can|might] [you are well|that it works|the customer|the date|it|the ball|go]
[the|a|my|our|this] [rose|lily|daisy|will|bill|mark|chase|grant|hope|faith|grace|jack|penny|pearl|ruby|olive|angel|prince|king|baker|cook|miller|smith|hunter|fisher|mason|carter|parker|price|brown|green|white|black|young|long|short|rice|wood|stone|hill|brooks|fields|woods|banks|bush|bell|ford|lane|cross|marsh] [is old|was expensive|of the house|is here|is closed|near the river]
[dear|Dear] [Sir|Madam|Sir or Madam|Sirs|Customer|Customer Service|Team|All|Support|Friend|Friends|Hiring Manager|Colleagues|Editor|Santa|Diary],
[Hello|Hi|Hey|Good morning|Thanks|Thank you|Welcome] [everyone|all|team|there|guys|folks|world|everybody|support|again|back|],
[Best regards|Kind regards|Regards|Thanks|Sincerely|Cheers],\n[The {org} Team|Customer Support|Human Resources|{org}|Sales Department|Your IT Team]
[Great|Terrible|Awful|Excellent|Best|Worst|Friendly|Horrible|Amazing|Good|Nice|Love|Loved|Avoid|Highly] [service|food|place|staff|experience|prices|location|recommend|this place|customer service][.|!|!!|]
[Quarterly|Annual|Monthly|Final|Executive|Project|Financial|Technical|Security|Product|Marketing] [Report|Summary|Review|Overview|Plan|Update|Audit|Roadmap|Analysis|Statement]
[How To|Why You Should|The Best Way To|Ten Ways To|A Guide To|What To Know About] [Save Money|Learn Python|Cook Rice|Grow Tomatoes|Lose Weight|Fix Your Car|Write Better Code|Sleep Well|Invest In Stocks] [In {place}|With {product}|This {month}|Fast|]
[Table Of Contents|Terms And Conditions|Privacy Policy|Frequently Asked Questions|Getting Started|Release Notes|Contact Us|Sign In|Log Out|Forgot Password|Add To Cart|Read More|Next Page|Order Summary|Shipping Address|Credit Card Number|Date Of Birth|Social Security Number|Account Number|Medical Record|Chief Complaint|Past Medical History|Family History|Review Of Systems|Blood Pressure|Physical Exam|Discharge Instructions|Follow Up|Emergency Department]
[Name|First name|Last name|Email|Phone|Address|Password|Date of birth|Gender|Nationality|Occupation|Signature]: [____|N/A|unknown|required|none|]
[Subject|Re|Fwd|Title|Topic|Status|Category|Priority|Type]: [Meeting|Invoice|Urgent|Open|Closed|High|Bug Report|Payment Reminder|Your Order|Password Reset|Job Application|Welcome Aboard]
[Breaking|Update|Note|Warning|Important|Tip|Summary|Question|Answer|Example|Step {number}|Chapter {number}|Section {number}|Figure {number}]: [the {noun} is closed|see below|use the {noun}|read this first|Market Falls Again|Storm Hits Coast]
I [need|want|lost|forgot|have|would like to change] my [card|password|account|pin|order|booking|{noun}|credit card|iban|payment date|limit][.| {number}| please| asap]
[my|what is my|check the] [card number|iban|account number|phone number|ip address|ssn|passport|zip code|balance|email] [is|:] [{number}|{phone}|{email}]
[Python|Java|JavaScript|Ruby|Rust|Swift|Docker|Kubernetes|Linux|Windows|Android|Postgres|Redis|React|Angular|Jenkins|Apache|Oracle|Django|Flask|Julia|Pascal|Ada|Haskell|Jupyter|Pandas|Maven|Gradle|Ansible|Bash] [is|has|runs|fails|throws|version {number}|supports|does not support] [slow|fast|on {place}|an Error|Unicode|installed|]
import [React|Java|Button|Router|Component|Model|Client] from '[react|./button|../model|axios]'
class [User|Account|Customer|Order|Parser|Node|Handler|Manager]([Base|Model|Object|Exception]):\n    def [get|set|run|load](self):\n        return [None|True|False|self.value]
[Error|TypeError|ValueError|Exception|RuntimeException|NullPointerException]: [Cannot read property|Unexpected token|Invalid argument|File not found|Connection refused] at [Object|Module|Function|Array].[map|load|run] (index.js:{number})
[public|private|static|const|let|var|function|return|new|if|export|extends] [String|Integer|Boolean|Map|Array|Promise|Object|Node|Event|Date|List|Buffer|Result] [value|name|node|item|x] = [null|None|new Map()|{number}]
SELECT [Name|Id|City|Total] FROM [Customers|Orders|Users|Products] WHERE [Country|City|Status] = '[{place}|{country}|Open]' ORDER BY [Name|Date]
[npm install|git clone|pip install|docker run|cargo build|apt-get install] [react|lodash|express|django|nginx|serde]
{"city": "{place}", "country": "{country}", "company": "{org}", "id": {number}}
{"status": "Active", "type": "Premium", "street": "{street}", "product": "{product}"}
{number},{place},{country},{org}
| {org} | {place} | {number} | {product} |
| Country | Capital | Population |\n| {country} | {place} | {number} |
- {place}\n- {place}\n- {place}
[Cities|Countries|Destinations|Offices|Locations]: {place}, {place}, {place} and {place}
{org}, {org} and {org} [signed a deal|compete|merged|reported earnings]
[{country}|{nationality}] [and|vs|beat|signed a treaty with|won against] {country}
[the|The] {nationality} [government|language|army|people|food|economy|wine|embassy in {place}|president]
[I speak|She teaches|He is learning|We eat|I love] {nationality}[.| food.| and {nationality}.]
[The|the] [President|Queen|Senate|Congress|Pope|Parliament|Supreme Court|Government|Minister|United Nations|European Union|White House|Internet|Bible|Quran|Constitution|Army|Police|Ministry of Health|Department of Justice|World Cup|Super Bowl|Olympics|Civil War|Middle East|Beatles|Navy] [said|is|was|met in {place}|voted|won|has]
[The|the] {team} [won|lost|beat the {team}|play in {place}|are terrible|signed a new coach|traded]
[Go|go|Beat|Watching] {team}!
[Listening to|Watching|Reading|Playing|I love|my favourite song is|my favorite movie is] {work}
{work} [is on tonight|was great|came out in {number}|won an award|is playing in {place}|trailer]
[the {last} Center|{last} Hospital|{last} University|University of {place}|{last} High School|{last} Street|{last} Park|{last} County|{last} Airport|Lake {last}|Mount {last}|Fort {last}|Port {last}|{last} Library|{last} Stadium|{last} Foundation|St. {first} Church|St. {first} Hospital|{last} Memorial Hospital|{first} {last} Airport|{last} Elementary School] [is closed|was built in {number}|in {place}|opened on {day}|is near {place}|has new rules]
[I stayed at|We went to|She studied at|meet me at|he was taken to|they work at] [the {last} Hotel|{last} Hospital|{last} College|{last} Motors|{last} Inn|{first}'s Pizza|{first}'s Cafe|{last}'s Bakery|Hotel {last}|{last} Plaza|Cafe {first}|{last} Bank|{last} & {last}|{last}, {last} and {last}|{last} Group|{last} Inc.|{last} LLC|{last} and Sons|{last} GmbH|{last} Medical Center|{last} Realty] [in {place}|on {day}|yesterday|]
[{last} Inc|{last} LLC|{last} and Sons|{last}, {last} and {last}|{last} Ltd.|{last} - {last}|{last} Group|{last} & Co.|{last} Corporation] is a[n American| German| British|] [bank|company|law firm|shoe brand|brewery] [from {place}|based in {place}|]
[i|we|u|they] [want|need|like|love|hate|got|had|saw|watched] [coffee|pizza|this song|my bed|the game|sushi|school|mondays|a nap|new shoes|the movie|some sleep] [so bad|right now|today|lol|tbh|with {product}|at {place}|]
[lol|omg|wtf|smh|haha|ugh|yay|nah|yeah|ok] [im so tired|that was crazy|i can't even|who does that|school tomorrow|its raining in {place}|no way]
[what time|how much|how long|why|where] [is the {noun}|does the store open|does it cost|are you guys|is everyone]?
[Great|Lovely|Fun|Long|Busy|Cold] [day|night|time] [in|at] [{place}|{org}|the office|the beach]
[The {noun}|A {noun}|This {noun}|That {noun}|Every {noun}] [was|is|will be] [late|broken|approved|sent to {place}|reviewed by {org}|on sale on {day}].
[However|Therefore|Moreover|Finally|Also|Overall|Unfortunately|Basically|Honestly|Actually|Today|Yesterday|Tomorrow|Sometimes|Maybe|Perhaps|Please|Yes|No|Well|Note|Then|Now|Once|After|Before|Although|Because|While|Since|During|Under|Among|Most|Many|Some|Several|Few|All|Both|Each|Every|Another|Such|Other], [the {noun} works|we will wait|it is fine|{org} will pay|nothing happened in {place}].
[Write|Explain|Describe|Summarize|Translate|Compare|List|Create|Generate|Give me|Suggest|Design|Calculate|Find|Classify|Rewrite|Implement|Discuss|Analyze|Imagine|Act as|Provide|Compose] [a {noun}|the {noun}|a story about a {noun}|an essay on {country}|three cities in {country}|a function that sorts a list|a poem about {month}|the history of {place}|a marketing plan for {product}|a haiku]
[What|Which|How|Why|When|Where] [is the capital of {country}|does {org} do|was {place} founded|is the difference between {product} and {product}|happened in {number}]?
{job}\n{org}\n{place}
[Senior|Junior|Lead|Chief|Assistant] {job} [at {org}|needed in {place}|, {place}|]
[Patient|Pt] [presents with|denies|reports|is a {number}-year-old male with] [chest pain|fever|Parkinson disease|Crohn disease|Alzheimer disease|Hodgkin lymphoma|Down syndrome|hypertension]. [Foley catheter placed|Apgar score {number}|Glasgow Coma Scale {number}|Continue {product}|Start Lisinopril|Labs: Hgb, WBC, BUN, Cr].
[Plaintiff|Defendant|Seller|Buyer|Landlord|Tenant|Licensee|Company] [shall|agrees to|must|may] [pay the amount|deliver the {noun}|terminate this Agreement|notify the other Party]
[ALL SALES FINAL|NO REFUNDS|DO NOT ENTER|FOR SALE|BREAKING NEWS|HAPPY BIRTHDAY|LOL|OMG WHAT|IMPORTANT NOTICE|THANK YOU|GOOD MORNING|I LOVE YOU|CALL NOW|FREE SHIPPING TO {place}]
[Great Wall|Eiffel Tower|Times Square|Golden Gate Bridge|Statue of Liberty|Grand Canyon|Hyde Park|Wall Street|Mount Everest|Pacific Ocean|Silicon Valley|Central Park|Buckingham Palace|Niagara Falls] [is|was|in {place}|tour|]
{Word}[| {Word}| {Word} {Word}| and {Word}| of the {Word}|, {Word} and {Word}|: {Word}| {number}| - {Word}|: {number}]
[the|a|The|My|Our|this|new|like|as|words like|called|of|for|with|by] {Word}[| {Word}| and {Word}| or {Word}| {Word} of {place}| {number}]
{Word} {noun} [is|was|for|in|at|and] {Word} [{noun}|{number}|{Word}]
- {Word}\n- {Word} {noun}\n- {Word} [for|of|and] {Word}
[Don't|Can't|I'm|It's|That's|Won't|Let's|Isn't|You're|We're|They're|What's|There's|I'll|I've|Didn't|Doesn't|Shouldn't|Wasn't|Who's|Here's|Couldn't|He's|She's] [open|return|a|the|not|use|give|my|go to] [the {noun}|{noun}|{place}]
"{Word}": "{Word}", "{Word}": {number}
{"{noun}": "{Word}", "[state|country|code|license|os|unit|env]": "[NY|CA|US|MIT|ISC|BSD|Apache|GPL|linux|darwin|win32|EUR|USD|PROD|TX|OH|DE]", "[name|id|key|type]": "[my-app|lodash|web-server|invoice|item|demo]"}
["[One|Red|Mon|Small|North|Alpha|A|Yes]", "[Two|Blue|Tue|Large|South|Beta|B|No]", "[Three|Green|Wed|Medium|East|Gamma|C|Maybe]", "[Four|White|Thu|Nine|West|Delta|D|None]"]
[Options|Grades|Parts|Types|Keys|Vitamins|Teams|Classes]: A, B, C, D, E and F.
[except Exception as e|for e, o in zip(a, b)|lambda x, y: x + y|def run(self, dir, file)|if len(s) < {number}|int len = strlen(buf)|std::string name = ""|public void Run()|printf("%s", name)]
[{group}|The {group}|{group} and {group}] [are|is|have|want|said|will|attacked|voted for|support|in {place}|do not] [the {noun}|against {country}|right|in {country}|happy with {group}]
[against|with|from|to|of|the|for|by|between|radical|many|most|some|young|support|about|using|like] {group} [and {group}|is|are|in {country}|,|.|was closed]
{place} [is|was] [worth a trip|crowded|expensive|too hot|on the coast|attacked|at war with {country}|bombed on {day}|hosting the summit]
{country} [wants|said|has|will|refused|signed|killed|claims|needs|supports|attacked|and {country}] [peace|the treaty|nuclear weapons|war|{country}|no comment]
[they|we|people|I] [came over from|commute from|escaped from|are stuck in|drove across|landed in|stayed in|left] {place}
[I am|We are|He is|She was] [in|at|near|outside] {place} [for a conference|this week|on business|with the kids|]
[The|the] {streetname} [sails|ship|train|ferry|pub|hotel] [leaves|opens|is late]
The [{first} {last}|Queen {first}|King {first}|Princess {first}|Duke of {place}] [docked in {place}|left the harbour|sank in {number}|hotel|pub|ferry|bridge]
[a|my|the|our] {place} [trip|hotel|accent|street|restaurant|recipe|jersey|conference|style {noun}]
[God|Allah|Heaven|Hell|Earth|Mars|Venus|Jupiter|Mercury|Saturn|Moon] [is|bless you|knows|has no rings|willing]
[Mercedes|Toyota Camry|Ford Focus|Chevrolet|Tesla|Harley Davidson|Honda Civic|Jeep Cherokee|Lincoln Navigator|Cadillac|Porsche] [for sale|broke down|is fast|dealer in {place}]
[Visa|Mastercard|American Express|PayPal|Wells Fargo|Chase|JP Morgan|Morgan Stanley|Goldman Sachs|Charles Schwab|Barclays|Citi|Santander] [card|account|bank|fees|is down|declined my payment|branch in {place}]
[Starbucks|McDonald's|Wendy's|Walmart|Macy's|Trader Joe's|Papa John's|Ben & Jerry's|Dunkin Donuts|Domino's|Kohl's|Victoria's Secret|Johnson & Johnson|Procter & Gamble|Ernst & Young|Deloitte|Abercrombie & Fitch|Dolce & Gabbana|Louis Vuitton|Calvin Klein|Ralph Lauren|Hugo Boss|Tiffany|Jack Daniels|Dr Pepper|Uncle Ben's] [is open|in {place}|sale|opens on {day}|sucks|]
[Nobel Prize|Pulitzer Prize|Stanley Cup|Ryder Cup|Davis Cup|Oscar|Grammy|Emmy|Ballon d'Or|Heisman Trophy|Turing Award|Fields Medal] [winner|was awarded in {number}|ceremony|]
`
