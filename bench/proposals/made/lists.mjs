import { html, page, values } from './things.mjs';

/** Lists as content systems and shops write them, after their public markup. */

const N = 12;
const of = (key) => values(N, (one) => one[key]);
const dates = values(N, ({ iso, date }) => [iso, date]);
const TITLE = [
  'title',
  'name',
  'headline',
  'subject',
  'topic',
  'product_name',
  'item',
  'entry_title',
  'topictitle',
];
const title = { names: TITLE, values: of('title') };
const link = { names: ['link', 'url'], values: of('path') };
const author = {
  names: ['author', 'by', 'creator', 'user', 'username', 'starter', 'started_by'],
  values: of('author'),
};
const date = {
  names: ['date', 'published', 'posted', 'updated', 'last_post', 'created', 'time'],
  values: dates,
};
const text = {
  names: ['description', 'summary', 'excerpt', 'text', 'content', 'snippet', 'abstract'],
  values: of('text'),
};
const image = { names: ['image', 'picture', 'photo', 'thumbnail', 'img'], values: of('picture') };
const money = (sign, after = '') => values(N, ({ price }) => `${sign}${price}${after}`);
const price = (list) => ({ names: ['price', 'cost'], values: list });
const city = { names: ['location', 'city', 'place', 'address', 'region'], values: of('city') };
const count = (...names) => ({ names, values: values(N, (one) => String(one.count)) });

export const LISTS = [
  {
    id: 'wordpress-classic',
    kind: 'blog',
    body: page(
      `<div id="page"><main id="main" class="site-main">${html(
        N,
        (
          one,
          n,
        ) => `<article id="post-${n * 31}" class="post-${n * 31} post type-post status-publish format-standard hentry category-c${n % 3} tag-t${n}">
<header class="entry-header"><h2 class="entry-title"><a href="${one.path}" rel="bookmark">${one.title}</a></h2>
<div class="entry-meta"><span class="posted-on"><a href="${one.path}"><time class="entry-date published" datetime="${one.iso}T08:00:00+00:00">${one.date}</time></a></span> <span class="byline"> by <span class="author vcard"><a class="url fn n" href="/author/${n % 7}">${one.author}</a></span></span></div></header>
<div class="entry-content"><p>${one.text}</p></div></article>`,
      )}<nav class="navigation posts-navigation"><div class="nav-links"><div class="nav-previous"><a href="/page/2/">Older posts</a></div></div></nav></main></div>`,
    ),
    want: { rows: N, fields: { title, link, author, date, text }, next: '/page/2/' },
  },
  {
    id: 'wordpress-blocks',
    kind: 'blog',
    body: page(
      `<main class="wp-block-group"><div class="wp-block-query"><ul class="wp-block-post-template">${html(
        N,
        (one, n) =>
          `<li class="wp-block-post post-${n} post type-post status-publish hentry category-uncategorized"><figure class="wp-block-post-featured-image"><a href="${one.path}"><img src="${one.picture}" class="attachment-post-thumbnail wp-post-image" alt=""></a></figure><h2 class="wp-block-post-title"><a href="${one.path}" target="_self">${one.title}</a></h2><div class="wp-block-post-excerpt"><p class="wp-block-post-excerpt__excerpt">${one.text}</p></div><div class="wp-block-post-date"><time datetime="${one.iso}T00:00:00+00:00">${one.date}</time></div></li>`,
      )}</ul><nav class="wp-block-query-pagination"><div class="wp-block-query-pagination-numbers"><span class="page-numbers current">1</span><a class="page-numbers" href="?query-page=2">2</a></div><a href="?query-page=2" class="wp-block-query-pagination-next">Next Page</a></nav></div></main>`,
    ),
    want: { rows: N, fields: { title, link, text, date, image }, next: '?query-page=2' },
  },
  {
    id: 'webforms-list',
    kind: 'webforms',
    body: page(
      `<form method="post" action="./Search.aspx" id="aspnetForm"><input type="hidden" name="__VIEWSTATE" value="dDwt"><div id="ctl00_Main_pnl"><table id="ctl00_Main_dl" cellspacing="0">${html(
        N,
        (one, n) =>
          `<tr><td><a id="ctl00_Main_dl_ctl0${n}_hl" class="ResTitle" href="Detail.aspx?id=${n}">${one.title}</a><br><span id="ctl00_Main_dl_ctl0${n}_lblCity" class="ResCity">${one.city}</span><br><span id="ctl00_Main_dl_ctl0${n}_lblText" class="ResText">${one.text}</span></td></tr>`,
      )}</table></div><div class="Pages">1 <a href="Search.aspx?page=2">2</a> <a href="Search.aspx?page=3">3</a></div></form>`,
    ),
    url: 'http://made.example/Search.aspx',
    want: {
      rows: N,
      fields: {
        title,
        city,
        text,
        link: { names: ['link'], values: values(N, (_, n) => `Detail.aspx?id=${n}`) },
      },
      next: 'Search.aspx?page=2',
    },
  },
  {
    id: 'webforms-grid',
    kind: 'webforms',
    body: page(
      `<form method="post" action="./List.aspx" id="form1"><div class="aspNetHidden"><input type="hidden" name="__VIEWSTATE" value="dDwt"></div><table cellspacing="0" rules="all" border="1" id="gvCases"><tr><th scope="col"><a href="javascript:__doPostBack('gv','Sort$No')">Case No</a></th><th scope="col">Party</th><th scope="col">Filed</th><th scope="col">City</th></tr>${html(
        N,
        (one, n) =>
          `<tr${n % 2 ? '' : ' class="alt"'}><td><a href="case.aspx?no=${n}">C-${n * 13}</a></td><td>${one.author}</td><td>${one.date}</td><td>${one.city}</td></tr>`,
      )}</table></form>`,
    ),
    want: {
      rows: N,
      fields: {
        case: { names: ['case_no', 'title'], values: values(N, (_, n) => `C-${n * 13}`) },
        party: { names: ['party'], values: of('author') },
        filed: { names: ['filed'], values: dates },
        city,
      },
      next: null,
      sources: ['table'],
    },
  },
  {
    id: 'xenforo',
    kind: 'forum',
    body: page(
      `<div class="p-body"><form action="/moderate" method="post" class="block"><div class="structItemContainer"><div class="structItemContainer-group js-threadList">${html(
        N,
        (one, n) =>
          `<div class="structItem structItem--thread js-inlineModContainer js-threadListItem-${n * 17}" data-author="${one.author}"><div class="structItem-cell structItem-cell--icon"><a href="/members/${n}/" class="avatar avatar--s"><img src="/avatar/${n}.jpg" alt=""></a></div><div class="structItem-cell structItem-cell--main"><div class="structItem-title"><a href="${one.path}" data-tp-primary="on">${one.title}</a></div><div class="structItem-minor"><ul class="structItem-parts"><li><a href="/members/${n}/" class="username">${one.author}</a></li><li class="structItem-startDate"><a href="${one.path}" rel="nofollow"><time class="u-dt" datetime="${one.iso}T10:00:00+0000">${one.date}</time></a></li></ul></div></div><div class="structItem-cell structItem-cell--meta"><dl class="pairs pairs--justified"><dt>Replies</dt><dd>${one.count}</dd></dl><dl class="pairs pairs--justified structItem-minor"><dt>Views</dt><dd>${one.count * 9}</dd></dl></div></div>`,
      )}</div></div></form><div class="block-outer"><nav class="pageNavWrapper"><ul class="pageNav-main"><li class="pageNav-page pageNav-page--current"><a href="/forums/a.1/">1</a></li><li class="pageNav-page"><a href="/forums/a.1/page-2">2</a></li></ul><a href="/forums/a.1/page-2" class="pageNav-jump pageNav-jump--next">Next</a></nav></div></div>`,
    ),
    url: 'http://made.example/forums/a.1/',
    want: {
      rows: N,
      fields: {
        title,
        link,
        author,
        date,
        replies: count('replies'),
        views: { names: ['views'], values: values(N, (one) => String(one.count * 9)) },
      },
      next: '/forums/a.1/page-2',
    },
  },
  {
    id: 'phpbb',
    kind: 'forum',
    body: page(
      `<div id="page-body"><div class="forumbg"><div class="inner"><ul class="topiclist"><li class="header"><dl class="row-item"><dt><div class="list-inner">Topics</div></dt><dd class="posts">Replies</dd><dd class="views">Views</dd><dd class="lastpost"><span>Last post</span></dd></dl></li></ul><ul class="topiclist topics">${html(
        N,
        (one, n) =>
          `<li class="row bg${1 + (n % 2)}"><dl class="row-item topic_read"><dt title="No unread posts"><div class="list-inner"><a href="${one.path}" class="topictitle">${one.title}</a><br><div class="topic-poster">by <a href="/u${n}" class="username">${one.author}</a> » <time datetime="${one.iso}T06:00:00+00:00">${one.date}</time></div></div></dt><dd class="posts">${one.count} <dfn>Replies</dfn></dd><dd class="views">${one.count * 9} <dfn>Views</dfn></dd></dl></li>`,
      )}</ul></div></div><div class="action-bar"><div class="pagination">40 topics <ul><li class="active"><span>1</span></li><li><a class="button" href="./viewforum.php?f=2&start=25" role="button">2</a></li><li class="arrow next"><a class="button button-icon-only" href="./viewforum.php?f=2&start=25" rel="next" role="button"><i class="icon fa-chevron-right fa-fw"></i><span class="sr-only">Next</span></a></li></ul></div></div></div>`,
    ),
    url: 'http://made.example/viewforum.php?f=2',
    want: {
      rows: N,
      fields: {
        title,
        link,
        author,
        date,
        replies: {
          names: ['replies', 'posts'],
          values: values(N, (one) => [`${one.count}`, `${one.count} Replies`]),
        },
        views: {
          names: ['views'],
          values: values(N, (one) => [`${one.count * 9}`, `${one.count * 9} Views`]),
        },
      },
      next: './viewforum.php?f=2&start=25',
    },
  },
  {
    id: 'woocommerce',
    kind: 'shop',
    body: page(
      `<main id="main"><p class="woocommerce-result-count">Showing 1–12 of 90 results</p><ul class="products columns-4">${html(
        N,
        (one, n) =>
          `<li class="product type-product post-${n} status-publish ${n % 4 ? '' : 'last'} ${n % 3 ? 'instock' : 'outofstock'} product_cat-lamps has-post-thumbnail"><a href="${one.path}" class="woocommerce-LoopProduct-link woocommerce-loop-product__link"><img src="${one.picture}" class="attachment-woocommerce_thumbnail" alt=""><h2 class="woocommerce-loop-product__title">${one.title}</h2><div class="star-rating" role="img" aria-label="Rated ${one.rating} out of 5"><span style="width:80%">Rated <strong class="rating">${one.rating}</strong> out of 5</span></div><span class="price"><span class="woocommerce-Price-amount amount"><bdi><span class="woocommerce-Price-currencySymbol">€</span>${one.price}</bdi></span></span></a><a href="?add-to-cart=${n}" data-quantity="1" class="button product_type_simple add_to_cart_button" data-product_id="${n}" rel="nofollow">Add to cart</a></li>`,
      )}</ul><nav class="woocommerce-pagination"><ul class="page-numbers"><li><span aria-current="page" class="page-numbers current">1</span></li><li><a class="page-numbers" href="/shop/page/2/">2</a></li><li><a class="next page-numbers" href="/shop/page/2/">→</a></li></ul></nav></main>`,
    ),
    url: 'http://made.example/shop/',
    want: {
      rows: N,
      fields: {
        title,
        link,
        image,
        price: price(money('€')),
        rating: { names: ['rating'], values: of('rating') },
      },
      next: '/shop/page/2/',
    },
  },
  {
    id: 'shop-old-table',
    kind: 'shop',
    body: page(
      `<table width="100%" class="productListing">${html(
        4,
        (_, row) =>
          `<tr>${html(3, (__, column) => {
            const n = (row - 1) * 3 + column;
            const one = values(N, (each) => each)[n - 1];
            return `<td align="center" width="33%"><a href="${one.path}"><img src="${one.picture}" border="0" alt=""></a><br><a href="${one.path}">${one.title}</a><br>$${one.price}</td>`;
          })}</tr>`,
      )}</table><table width="100%"><tr><td>Displaying 1 to 12</td><td align="right">Result Pages: <b>1</b> <a href="list.php?page=2" title=" Page 2 ">2</a> <a href="list.php?page=2" title=" Next Page ">[Next&gt;&gt;]</a></td></tr></table>`,
    ),
    url: 'http://made.example/list.php',
    want: { rows: N, fields: { title, link, image, price: price(money('$')) }, next: 'list.php?page=2' },
  },
  {
    id: 'bootstrap-cards',
    kind: 'shop',
    body: page(
      `<div class="container"><div class="album">${html(
        3,
        (_, row) =>
          `<div class="row mb-4">${html(4, (__, column) => {
            const one = values(N, (each) => each)[(row - 1) * 4 + column - 1];
            return `<div class="col-md-3"><div class="card h-100"><img class="card-img-top" src="${one.picture}" alt=""><div class="card-body"><h5 class="card-title"><a href="${one.path}" class="stretched-link">${one.title}</a></h5><p class="card-text">${one.text}</p><span class="badge bg-secondary">${one.city}</span></div><div class="card-footer"><strong>${one.price} €</strong></div></div></div>`;
          })}</div>`,
      )}</div><ul class="pagination"><li class="page-item active"><a class="page-link" href="?p=1">1</a></li><li class="page-item"><a class="page-link" href="?p=2">2</a></li><li class="page-item"><a class="page-link" href="?p=2" aria-label="Next"><span aria-hidden="true">&raquo;</span></a></li></ul></div>`,
    ),
    want: { rows: N, fields: { title, link, image, text, price: price(money('', ' €')) }, next: '?p=2' },
  },
  {
    id: 'css-modules',
    kind: 'shop',
    body: page(
      `<div id="__next"><main class="Layout_main__a8Xk2"><div class="ProductGrid_grid__9sKq1">${html(
        N,
        (one) =>
          `<div class="ProductCard_card__x7Gh2"><a class="ProductCard_link__pQ81z" href="${one.path}"><img class="ProductCard_photo__kL0p2" src="${one.picture}" alt=""><div class="ProductCard_name__u71Ws">${one.title}</div></a><div class="ProductCard_seller__Ab3De">${one.author}</div><div class="ProductCard_price__R4t5Y">£${one.price}</div></div>`,
      )}</div><a class="Pager_next__m9Nb3" href="/p/2">Show next</a></main></div>`,
    ),
    url: 'http://made.example/p/1',
    want: {
      rows: N,
      fields: {
        title,
        link,
        image,
        price: price(money('£')),
        seller: { names: ['seller', 'vendor'], values: of('author') },
      },
      next: '/p/2',
    },
  },
  {
    id: 'utility-classes',
    kind: 'shop',
    body: page(
      `<main><div class="grid grid-cols-3 gap-6">${html(
        N,
        (one) =>
          `<div class="relative rounded-lg p-4" data-testid="result-card"><a href="${one.path}" class="block"><img src="${one.picture}" class="h-40 w-full" alt=""><span class="mt-2 block text-sm font-bold" data-testid="result-title">${one.title}</span></a><span class="text-xs" data-testid="result-location">${one.city}</span><span class="text-lg" data-testid="result-price">$${one.price}</span><span class="text-xs" data-testid="result-reviews">${one.count}</span></div>`,
      )}</div><nav aria-label="Pagination"><a href="?page=2" aria-label="Go to next page" class="inline-flex"><svg viewBox="0 0 4 4"></svg></a></nav></main>`,
    ),
    want: {
      rows: N,
      fields: {
        title,
        link,
        image,
        city,
        price: price(money('$')),
        reviews: count('reviews', 'review_count'),
      },
      next: '?page=2',
    },
  },
  {
    id: 'estate-facts',
    kind: 'estate',
    body: page(
      `<section class="hits">${html(
        N,
        (one, n) =>
          `<article class="hit" data-id="${n}"><a class="hit-link" href="${one.path}"><h3>${one.title}</h3></a><div class="a1"><span class="v" aria-label="Price">€ ${one.price}</span><span class="v" aria-label="Living space">${40 + n} m²</span><span class="v" aria-label="Rooms">${1 + (n % 5)}</span></div><div class="b2" title="Address">${one.city}</div></article>`,
      )}</section><ul class="pager"><li class="current">1</li><li><a href="/rent?pn=2">2</a></li><li><a href="/rent?pn=3">3</a></li></ul>`,
    ),
    url: 'http://made.example/rent',
    want: {
      rows: N,
      fields: {
        title,
        link,
        price: price(money('€ ')),
        space: { names: ['living_space', 'area', 'size'], values: values(N, (_, n) => `${40 + n} m²`) },
        rooms: { names: ['rooms'], values: values(N, (_, n) => String(1 + (n % 5))) },
        address: city,
      },
      next: '/rent?pn=2',
    },
  },
  {
    id: 'labels-in-rows',
    kind: 'estate',
    body: page(
      `<div id="results">${html(
        N,
        (one, n) =>
          `<div class="res"><p class="hd"><a href="${one.path}">${one.title}</a></p><table class="facts"><tr><th>Year</th><td>${1990 + n}</td></tr><tr><th>Seller</th><td>${one.author}</td></tr></table><ul class="kv"><li><span>Mileage:</span> <span>${n * 1000} km</span></li><li><b>Town:</b> ${one.city}</li></ul></div>`,
      )}</div>`,
    ),
    want: {
      rows: N,
      fields: {
        title,
        link,
        year: { names: ['year'], values: values(N, (_, n) => String(1990 + n)) },
        seller: { names: ['seller'], values: of('author') },
        mileage: { names: ['mileage'], values: values(N, (_, n) => `${n * 1000} km`) },
        town: { names: ['town'], values: of('city') },
      },
      next: null,
    },
  },
  {
    id: 'job-board',
    kind: 'jobs',
    body: page(
      `<div class="jobs"><ol class="jobs-list">${html(
        N,
        (one, n) =>
          `<li class="job-card ${n % 4 ? '' : 'job-card--featured'}" data-job-id="${n}"><h3 class="job-card__title"><a href="${one.path}">${one.title}</a></h3><div class="job-card__company">${one.author} Ltd</div><div class="job-card__location">${one.city}</div><div class="job-card__salary">€${one.price}</div><time class="job-card__posted" datetime="${one.iso}">${n} days ago</time></li>`,
      )}</ol><a class="load" href="/jobs?offset=12">Weitere Stellen</a><a href="/jobs?offset=12" title="Nächste Seite"><i class="i"></i></a></div>`,
    ),
    url: 'http://made.example/jobs',
    want: {
      rows: N,
      fields: {
        title,
        link,
        company: { names: ['company'], values: values(N, ({ author: who }) => `${who} Ltd`) },
        city,
        salary: { names: ['salary', 'price'], values: money('€') },
        date: { names: ['date', 'posted'], values: of('iso') },
      },
      next: '/jobs?offset=12',
    },
  },
  {
    id: 'search-results',
    kind: 'search',
    body: page(
      `<div id="search"><div id="rso">${html(
        N,
        (one) =>
          `<div class="g"><div><a href="${one.path}"><h3 class="LC20lb">${one.title}</h3><cite>${one.city}.example</cite></a></div><div class="VwiC3b"><span>${one.text}</span></div></div>`,
      )}</div></div><table id="nav" role="presentation"><tr><td class="cur">1</td><td><a aria-label="Page 2" href="/search?q=a&start=10">2</a></td><td><a id="pnnext" href="/search?q=a&start=10">次へ</a></td></tr></table>`,
    ),
    url: 'http://made.example/search?q=a',
    want: {
      rows: N,
      fields: {
        title,
        link,
        text,
        site: {
          names: ['site', 'source', 'cite', 'domain', 'address'],
          values: values(N, ({ city: where }) => `${where}.example`),
        },
      },
      next: '/search?q=a&start=10',
    },
  },
];
